"""Run with the paths of files: draws each as a photo, and writes what came of it, in how long and how much memory."""

import json
import sys
import time
from pathlib import Path

from PIL import Image

from widget.core.pictures import BadPicture, draw_within, encode
from widget.reviews.media_photos import draw_sizes


def read_peak() -> int:
    """Return the most memory this process has had since it was forgotten, in bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return 1024 * int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def forget_peak() -> None:
    """Let the peak be what the process has now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def measure(upload: bytes) -> tuple[str, float, int]:
    """Return the outcome, the processor's seconds (the clock also counts what runs beside it) and the memory."""
    forget_peak()
    before, began = read_peak(), time.process_time()
    try:
        outcome = " ".join(f"{size.width}x{size.height}" for size in draw_sizes(upload))
    except BadPicture as error:
        outcome = str(error)
    return outcome, time.process_time() - began, read_peak() - before


def main(paths: list[str]) -> None:
    # What is loaded once belongs to no upload.
    draw_within(encode(Image.new("RGB", (9, 9)), "JPEG"), (9, 9), {"JPEG": 99})
    json.dump({Path(path).name: measure(Path(path).read_bytes()) for path in paths}, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
