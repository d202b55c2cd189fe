"""Waits for what JavaScript says; the site's policy forbids what Playwright does for it."""


def until(page, expression, seconds=30):
    """Comes back when the expression is true in the page."""
    page.evaluate(
        f"""new Promise((go, stop) => {{
          const last = Date.now() + {seconds * 1_000};
          const look = () => {{
            if ({expression}) go();
            else if (Date.now() > last) stop(new Error("never came true"));
            else setTimeout(look, 50);
          }};
          look();
        }})"""
    )
