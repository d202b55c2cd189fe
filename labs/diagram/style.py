"""The style sheet inside a picture: colours by theme, one picture for pages and one for phones.

Every rule begins with the class of its own picture: what stands in an SVG reaches the whole page.
"""

from __future__ import annotations

from labs.diagram.cast import GROUND, Role
from labs.diagram.scene import Scene

FONT = (
    "ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif"
)
PHONE = 560  # pixels of width below which the narrow picture is shown

RULES = (
    "text{fill:var(--ink)}",
    ".g{fill:var(--ground)}",
    ".band{fill:var(--band)}",
    ".mark{fill:var(--mark)}",
    ".harm{--c:var(--harm)}",
    ".softs{--c:var(--soft)}",
    ".top{font-weight:650}",
    ".small{fill:var(--soft)}",
    ".lane{stroke:var(--line);stroke-width:2;fill:none}",
    ".lane.open{stroke:var(--c);stroke-width:3.5;opacity:.55}",
    ".lane.waiting{stroke:var(--c);stroke-width:3;stroke-dasharray:2 4;opacity:.75}",
    ".lane.off{stroke:var(--harm);stroke-dasharray:1 7;stroke-width:2.5}",
    ".tick{stroke:var(--line)}",
    ".s{stroke:var(--c);stroke-width:1.9;fill:none;stroke-linejoin:round;stroke-linecap:round}",
    ".s.dash{stroke-dasharray:1.5 5;stroke-width:2.2}",
    ".x{stroke-width:2.2}",
    ".tip{fill:var(--c)}",
    ".b{fill:var(--c);stroke:var(--ground);stroke-width:1.5}",
    ".b.hollow{fill:var(--ground);stroke:var(--c);stroke-width:2}",
    ".n{fill:var(--ground);font-weight:700;text-anchor:middle}",
    ".n.hollow{fill:var(--c)}",
    ".l{paint-order:stroke;stroke:var(--ground);stroke-width:7;stroke-linejoin:round}",
    ".l .name{font-weight:700;fill:var(--c)}",
    ".l .soft,.l .size{fill:var(--soft);font-size:.92em}",
    ".l.on{stroke:var(--band)}",
    ".l.lit{stroke:var(--mark)}",
    ".l .note{font-style:italic}",
    ".l .harm{font-weight:600;fill:var(--harm)}",
)


def style(
    name: str, wide: Scene, narrow: Scene, hosts: tuple[str, ...], looks: dict[str, Role]
) -> str:
    """The style sheet of the picture called `name`."""
    names = [*GROUND, *(f"h{at}" for at in range(len(hosts)))]
    pairs = [*GROUND.values(), *((looks[host].light, looks[host].dark) for host in hosts)]
    light = ";".join(f"--{key}:{pair[0]}" for key, pair in zip(names, pairs, strict=True))
    dark = ";".join(f"--{key}:{pair[1]}" for key, pair in zip(names, pairs, strict=True))
    size, small = f"{wide.width:g}/{wide.height:g}", f"{narrow.width:g}/{narrow.height:g}"
    box = f"width:100%;max-width:{wide.width:g}px;height:auto;aspect-ratio:{size}"
    phone = f".{name}{{max-width:{narrow.width:g}px;aspect-ratio:{small}}}"
    phone += f".{name} .wide{{display:none}}.{name} .phone{{display:inline}}"
    rules = [
        f".{name}{{{light};font-family:{FONT};{box}}}",
        f"@media(prefers-color-scheme:dark){{.{name}{{{dark}}}}}",
        f"[data-md-color-scheme=default] .{name},[data-jp-theme-light=true] .{name}{{{light}}}",
        f"[data-md-color-scheme=slate] .{name},[data-jp-theme-light=false] .{name}{{{dark}}}",
        f"@media(max-width:{PHONE}px){{{phone}}}",
    ]
    rules += [f".{name} {rule}" for rule in RULES]
    # A rule with a list of selectors needs the class before each of them.
    rules = [rule.replace(",.l ", f",.{name} .l ") for rule in rules]
    return "".join(rules + [f".{name} .h{at}{{--c:var(--h{at})}}" for at in range(len(hosts))])
