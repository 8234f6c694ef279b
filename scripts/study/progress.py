"""How far the drawing has come: a bar on a terminal, plain lines elsewhere."""

import sys
import time
from types import TracebackType

from tqdm import tqdm

EVERY = 10.0  # seconds between lines where there is no terminal

# The engine forks, which a process with a second thread must not do.
tqdm.monitor_interval = 0


class Progress:
    """Counts drawings out of an expected total."""

    def __init__(self, total: int) -> None:
        self.count = 0
        self._total = total
        self._told = time.monotonic()
        self._bar = (
            tqdm(total=total, unit="drawing", dynamic_ncols=True, leave=False)
            if sys.stderr.isatty()
            else None
        )

    def drawn(self, name: str) -> None:
        """One more drawing of this figure is there."""
        self.count += 1
        if self._bar is not None:
            # A snippet may hold more figures than were expected of it.
            self._bar.total = max(self._bar.total, self.count)
            self._bar.set_description_str(name, refresh=False)
            self._bar.update()
        elif time.monotonic() - self._told > EVERY:
            self._told = time.monotonic()
            print(f"{self.count} of {self._total} drawings", file=sys.stderr)

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()
