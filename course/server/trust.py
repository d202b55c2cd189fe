"""Signs the shipped notebooks as trusted, so that JupyterLab shows their pictures at once.

It signs what we hand out, never what stands in `work/`: a notebook the learner brought from
elsewhere is trusted only when the learner says so.
"""

import asyncio
import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

SHADOWED = "rfc3987_syntax"  # why: see course/shadow


async def signed(notebooks: Iterable[Path], trust_folder: Path) -> None:
    """Leave each notebook's signature where JupyterLab will look it up, unless it is there."""
    shipped = list(notebooks)
    stamp = trust_folder / "signed"
    wanted = hashlib.sha256(b"".join(file.read_bytes() for file in shipped)).hexdigest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        await asyncio.to_thread(sign, shipped, trust_folder)
        stamp.write_text(wanted)


def sign(notebooks: Iterable[Path], trust_folder: Path) -> None:
    """Sign each notebook, whatever is there."""
    sys.modules.setdefault(SHADOWED, None)  # type: ignore[arg-type] # None: "not to be had"
    import nbformat
    from nbformat.sign import NotebookNotary

    trust_folder.mkdir(parents=True, exist_ok=True)
    notary = NotebookNotary(data_dir=str(trust_folder))
    try:
        for notebook in notebooks:
            notary.sign(nbformat.reads(notebook.read_text(), as_version=4))
    finally:
        notary.store.close()
