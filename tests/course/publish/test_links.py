"""Links that work in JupyterLab are turned into links that work on the site."""

import pytest

from course.publish.links import for_site, slug

KNOWN = frozenset({"04_handshake"})
HEADINGS = [
    "Silence looks like health",
    "TCP has an opinion, and it is slow",
    "What `send()` promises",
    "Café, naïve & co. 2.0",
    "Closed is news, half-open is silence",
    "A   wide -- gap",
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_slug_is_what_the_site_makes_of_the_heading(heading):
    """The same as Markdown's own, which the built page carries."""
    from markdown.extensions.toc import slugify

    assert slug(heading) == slugify(heading.replace("`", ""), "-")


@pytest.mark.parametrize("heading", HEADINGS[:3])
def test_both_forms_of_a_link_lead_to_the_heading(heading):
    """JupyterLab's anchor keeps the case, the site's does not."""
    assert slug(heading.replace(" ", "-")) == slug(slug(heading)) == slug(heading)


LINKS = [
    ("[a](#Silence-looks-like-health)", "[a](#silence-looks-like-health)"),
    ("[M4](04_handshake.ipynb)", "[M4](04_handshake.md)"),
    ("[M4](04_handshake.ipynb#Break)", "[M4](04_handshake.md#break)"),
    ("see [M9](09_servers.ipynb#Run).", "see M9."),
    ("[bytes](site:reference/raw-body.md)", "[bytes](../reference/raw-body.md)"),
    ("[RFC](https://www.rfc-editor.org/rfc/rfc6455#section-5)", None),
    ("a [b] (c) and [d](e.png)", None),
]


@pytest.mark.parametrize(("there", "here"), LINKS)
def test_a_link_is_rewritten_for_the_site(there, here):
    """Pages that exist are linked, others become text, the rest of the world stays."""
    assert for_site(there, KNOWN) == (here or there)
