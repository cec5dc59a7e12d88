"""A bounded memory of results, shared by all threads; never of row frames, and never across rights.

The key names everything a result depends on. The cut-off is part of it beside the content hash, because the same rows
under another cut-off are another answer.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar, cast

from ..model.cut import CutInfo
from .code_version import code_version

MAX_RESULTS = 512

T = TypeVar("T")


@dataclass(frozen=True)
class ResultKey:
    """What a result depends on.

    Parameters
    ----------
    scope : permission scope of the principal (`saa_dash.access.policy.scope`).
    name : the use-case. args : its further arguments, hashable.
    """

    content_hash: str
    cutoff: date
    settings_hash: str
    scope: str
    name: str
    args: tuple[Hashable, ...] = ()
    code: str = field(default_factory=code_version)


def result_key(cut: CutInfo, settings_hash: str, scope: str, name: str, *args: Hashable) -> ResultKey:
    """Return the key of a result about one cut."""
    return ResultKey(cut.content_hash, cut.cutoff, settings_hash, scope, name, args)


class ResultCache:
    """Least recently used results go first; two threads that ask for the same one compute it once."""

    def __init__(self, size: int = MAX_RESULTS) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._entries: OrderedDict[ResultKey, Future[object]] = OrderedDict()

    def get(self, key: ResultKey, compute: Callable[[], T]) -> T:
        """Return the result of `key`, computing it if it is not known; an error is raised and not remembered."""
        with self._lock:
            known = self._entries.get(key)
            future: Future[object] = known or Future()
            self._entries[key] = future
            self._entries.move_to_end(key)
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)
        if known is None:
            self._fill(key, future, compute)
        return cast(T, future.result())

    def _fill(self, key: ResultKey, future: Future[object], compute: Callable[[], object]) -> None:
        try:
            future.set_result(compute())
        except BaseException as error:
            with self._lock:
                if self._entries.get(key) is future:
                    del self._entries[key]
            future.set_exception(error)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()

    def __len__(self) -> int:
        return len(self._entries)


RESULTS = ResultCache()
