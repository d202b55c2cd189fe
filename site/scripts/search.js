// The theme fetches its search index with every page. Here it waits until somebody turns to the
// search, or comes by a link whose words are to be marked.

{
  const wanted = new Promise((go) => {
    if (/[?&][hq]=/.test(location.search)) go();
    document.addEventListener("focusin", ({ target }) => target.closest(".md-search") && go());
  });

  window.XMLHttpRequest = class extends XMLHttpRequest {
    open(method, address, ...more) {
      this.waits = `${address}`.endsWith("/search/search_index.json");
      super.open(method, address, ...more);
    }

    async send(...body) {
      if (this.waits) await wanted;
      super.send(...body);
    }
  };
}
