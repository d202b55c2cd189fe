"""JupyterLab as a child that never outlives its parent.

The parent holds the other end of our standard input. When that closes, however the parent
ended, JupyterLab is told to stop, and so are its kernels.
"""

import os
import signal
import sys
import threading

from jupyterlab.labapp import main


def stop_with_parent() -> None:
    """Wait for the end of standard input, then ask this process to stop."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=stop_with_parent, daemon=True).start()
    main()
