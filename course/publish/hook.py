"""MkDocs calls this before it reads `site/`, so that a clean clone builds with plain `mkdocs`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # the project need not be installed to be read


def on_config(config: Any) -> Any:
    """The configuration with the pages that its navigation does not name one by one."""
    from course.publish import nav

    if config.nav:
        config.nav = nav.expanded(config.nav, nav.pages(Path(config.config_file_path).parent))
    return config


def on_pre_build(config: Any) -> None:
    """Writes the lesson pages."""
    from mkdocs.exceptions import PluginError

    from course.publish.site import write_pages
    from labs.lesson_schema import LessonError

    try:
        write_pages(Path(config.config_file_path).parent)
    except LessonError as error:
        raise PluginError(str(error)) from None


def on_page_content(html: str, **_: Any) -> str:
    """The page with code that has as few elements as its colours need."""
    from course.publish.tokens import coloured

    return coloured(html)


def on_post_build(config: Any) -> None:
    """Makes scripts and styles small, puts the tutor beside them, says what pages may do, and
    tells the service worker what it keeps.
    """
    from course.publish import minified, offline, policy, site, tutor

    built = Path(config.site_dir)
    minified.minified(built, site.CACHE)
    tutor.placed(built)
    policy.written(built, config.site_url)
    offline.worker(built)


def on_serve(server: Any, **_: Any) -> Any:
    """Builds again when a notebook changes."""
    if (ROOT / "notebooks").is_dir():
        server.watch(str(ROOT / "notebooks"))
    return server
