"""The site's own scripts and styles as they are served: minified, where Node.js is there to do it.

What every page loads may weigh 12 kB in gzip, and a comment costs as much as code. Without Node.js
the site is served as it was written.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from course.publish.runtime import build, node

SHAPE = ("--minify", "--allow-overwrite", "--log-level=error", "--charset=utf8")
AS_WRITTEN = "Scripts and styles are served as they were written: esbuild could not be had ({why})."


def minified(site: Path, cache: Path) -> bool:
    """Minifies the scripts and styles of a built site where they stand; were they?"""
    if (tools := node.found()) is None:
        return False
    try:
        modules = build.installed(cache, tools)
        esbuild = str(modules / "node_modules" / "esbuild" / "bin" / "esbuild")
        scripts, styles = sorted(site.glob("scripts/*.js")), sorted(site.glob("styles/*.css"))
        # Each script keeps its name, by which others fetch it; a style takes in what it imports.
        together = ("--bundle", "--external:*.woff2")
        _run(tools, esbuild, scripts, (*SHAPE, f"--outdir={site / 'scripts'}"))
        _run(tools, esbuild, styles, (*SHAPE, *together, f"--outdir={site / 'styles'}"))
    except subprocess.CalledProcessError as error:
        print(AS_WRITTEN.format(why=(error.stderr or "").strip()[-300:]), file=sys.stderr)
        return False
    return True


def _run(tools: node.Node, esbuild: str, files: list[Path], shape: tuple[str, ...]) -> None:
    if files:
        tools.run(esbuild, *map(str, files), *shape, cwd=files[0].parent)
