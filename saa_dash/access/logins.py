"""The logins in force. What is not in here is not logged in, however well its cookie is signed.

They live in the memory of the one server process: a login that has ended, and every login after a restart, is worth
nothing. A cookie alone would be good for 30 days and could not be taken back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..model.principal import Role
from .deployment import LoginRules
from .identity import claimed_roles, login_id, user_id

LINK_SECONDS = 60.0  # a link to a download works so long after it was sent
KEEP_SECONDS = 24 * 3600.0  # an ended login is remembered so long, to say why it ended


@dataclass(frozen=True)
class Login:
    """One login of one person.

    Parameters
    ----------
    user_id : who. claim_roles : roles that came with it. expires : latest end, seconds since 1970.
    idle_seconds : it ends when nothing is done for so long.
    """

    id: str
    user_id: str
    claim_roles: frozenset[Role]
    expires: float
    idle_seconds: float


class Logins:
    """Starts, follows and ends logins; safe for threads.

    Parameters
    ----------
    clock : seconds since 1970.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._logins: dict[str, Login] = {}
        self._seen: dict[str, float] = {}
        self._ended: dict[str, tuple[str, float]] = {}
        self._sessions: dict[str, str] = {}
        self._links: dict[tuple[str, str], float] = {}

    def start(self, claims: Mapping[str, Any], rules: LoginRules) -> Login | None:
        """Begin a login that the provider has just confirmed; None where the claims do not say who it is.

        It ends with the provider's ``exp``, or after the longest time a login may last.
        """
        name, who, until = login_id(claims), user_id(claims, rules), claims.get("exp")
        now = self._clock()
        if name is None or who is None or not isinstance(until, int | float) or until <= now:
            return None
        login = Login(
            id=name,
            user_id=who,
            claim_roles=claimed_roles(claims, rules),
            expires=min(float(until), now + rules.total_seconds),
            idle_seconds=rules.idle_seconds,
        )
        with self._lock:
            self._forget(now)
            if name in self._logins or name in self._ended:
                return None  # an answer of the provider counts once
            self._logins[name], self._seen[name] = login, now
        return login

    def alive(self, name: str | None) -> Login | None:
        """Return a login that is in force, else None."""
        with self._lock:
            login = self._logins.get(name or "")
            if login is None:
                return None
            now = self._clock()
            if now >= login.expires:
                self.end(login.id, "expired")
                return None
            if now >= self._seen[login.id] + login.idle_seconds:
                self.end(login.id, "idle")
                return None
            return login

    def touch(self, name: str) -> None:
        """Note that the person did something; one that has ended stays ended."""
        with self._lock:
            if self.alive(name):
                self._seen[name] = self._clock()

    def end(self, name: str, why: str) -> Login | None:
        """End a login and return it; None where it was not in force.

        Parameters
        ----------
        why : logout, idle or expired.
        """
        with self._lock:
            login = self._logins.pop(name, None)
            if login is None:
                return None
            self._seen.pop(name)
            self._ended[name] = (why, self._clock())
            self._sessions = {session: owner for session, owner in self._sessions.items() if owner != name}
            self._links = {link: until for link, until in self._links.items() if link[0] != name}
            return login

    def why_ended(self, name: str | None) -> str:
        """Return why a login ended: logout, idle or expired; "" where that is not known."""
        with self._lock:
            return self._ended.get(name or "", ("", 0.0))[0]

    def add_session(self, name: str, session: str) -> None:
        """Note that a session of the server belongs to a login."""
        with self._lock:
            if name in self._logins:
                self._sessions.setdefault(session, name)

    def owns_session(self, name: str, session: str) -> bool:
        """Tell whether a session of the server belongs to a login."""
        with self._lock:
            return self._sessions.get(session) == name

    def add_link(self, name: str, link: str) -> None:
        """Note that a link to a file was sent to a login."""
        with self._lock:
            if name in self._logins:
                now = self._clock()
                self._links = {held: until for held, until in self._links.items() if until > now}
                self._links[(name, link)] = now + LINK_SECONDS

    def owns_link(self, name: str, link: str) -> bool:
        """Tell whether a link to a file was sent to a login, not long ago."""
        with self._lock:
            return self._links.get((name, link), 0.0) > self._clock()

    def _forget(self, now: float) -> None:
        for login in list(self._logins.values()):
            self.alive(login.id)
        self._ended = {name: end for name, end in self._ended.items() if end[1] > now - KEEP_SECONDS}
