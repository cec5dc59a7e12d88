"""State: the audit trail finds every tampering, and what changes is kept together with its row."""

from __future__ import annotations

import json
import random
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from support.cut_maker import ticking

from saa_dash.model.errors import EnvironmentProblem
from saa_dash.model.principal import Role
from saa_dash.store import personal, reviews, roles
from saa_dash.store.mappings import keep_mappings, read_mappings
from saa_dash.store.migrations import MIGRATIONS
from saa_dash.store.state import StateDb

ROWS = 12
COLUMNS = ("at", "actor", "action", "detail", "reason", "prev_hash", "hash")


def filled(data_dir: Path, rows: int = ROWS) -> StateDb:
    state = StateDb(data_dir, ticking())
    for number in range(rows):
        state.append_audit(f"user{number % 3}", "export", {"cut": f"c{number}", "n": number}, "因为")
    return state


def tamper(data_dir: Path, *statements: str) -> None:
    """Change the database as somebody could who has the file."""
    with closing(sqlite3.connect(data_dir / "state.sqlite", isolation_level=None)) as con:
        for verb in ("UPDATE", "DELETE", "REPLACE"):
            con.execute(f"DROP TRIGGER IF EXISTS audit_no_{verb}")
        for statement in statements:
            con.execute(statement)


def test_rows_in_order_with_time_and_detail(tmp_path: Path) -> None:
    state = filled(tmp_path, 3)
    rows = state.audit_rows()
    assert [(r.seq, r.at, r.actor, r.details["n"]) for r in rows] == [
        (1, "2026-08-01T09:31:00Z", "user0", 0),
        (2, "2026-08-01T09:32:00Z", "user1", 1),
        (3, "2026-08-01T09:33:00Z", "user2", 2),
    ]
    assert rows[0].prev_hash == "0" * 64
    assert [r.prev_hash for r in rows[1:]] == [r.hash for r in rows[:-1]]
    assert [r.seq for r in state.audit_rows(last=2)] == [2, 3]
    assert json.loads((tmp_path / "audit.head").read_text()) == {"rows": 3, "hash": rows[-1].hash}
    check = state.verify_audit()
    assert (check.ok, check.rows, check.findings) == (True, 3, ())


def test_an_empty_trail_is_whole(tmp_path: Path) -> None:
    assert StateDb(tmp_path).verify_audit().ok


def test_rows_can_be_neither_changed_nor_deleted(tmp_path: Path) -> None:
    filled(tmp_path, 2)
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as con:
        for statement in (
            "UPDATE audit SET actor = 'x'",
            "DELETE FROM audit",
            "REPLACE INTO audit SELECT * FROM audit",
        ):
            with pytest.raises(sqlite3.DatabaseError):
                con.execute(statement)
                con.commit()
            con.rollback()
    assert StateDb(tmp_path).verify_audit().ok


def statements(rng: random.Random) -> list[str]:
    """One random way to tamper with the trail; the head table is made to fit where rows go."""
    kind = rng.choice(["edit", "delete", "swap", "truncate", "insert"])
    seq, other = rng.sample(range(1, ROWS + 1), 2)
    last = "coalesce((SELECT hash FROM audit ORDER BY seq DESC), '')"
    head = f"UPDATE audit_head SET rows = (SELECT count(*) FROM audit), hash = {last}"
    if kind == "edit":
        return [f"UPDATE audit SET {rng.choice(COLUMNS)} = '{rng.random()}' WHERE seq = {seq}"]
    if kind == "delete":
        return [f"DELETE FROM audit WHERE seq = {seq}", *([head] if rng.random() < 0.5 else [])]
    if kind == "swap":
        moves = ((seq, -1), (other, seq), (-1, other))
        return [f"UPDATE audit SET seq = {new} WHERE seq = {old}" for old, new in moves]
    if kind == "truncate":
        return [f"DELETE FROM audit WHERE seq > {rng.randrange(ROWS)}", *([head] if rng.random() < 0.7 else [])]
    copy = f"INSERT INTO audit SELECT {ROWS + 1}, at, actor, action, detail, reason, prev_hash, hash FROM audit"
    return [f"{copy} WHERE seq = {seq}", *([head] if rng.random() < 0.5 else [])]


def test_every_tampering_is_found(tmp_path: Path) -> None:
    filled(tmp_path)
    database, head = ((tmp_path / name).read_bytes() for name in ("state.sqlite", "audit.head"))
    rng = random.Random(20260731)
    for trial in range(100):
        copy = tmp_path / str(trial)
        copy.mkdir()
        (copy / "state.sqlite").write_bytes(database)
        (copy / "audit.head").write_bytes(head)
        assert trial or StateDb(copy).verify_audit().ok
        change = statements(rng)
        tamper(copy, *change)
        assert StateDb(copy).verify_audit().findings, change


def test_a_lost_head_file_and_a_lost_database_are_found(tmp_path: Path) -> None:
    state = filled(tmp_path, 2)
    head = (tmp_path / "audit.head").read_bytes()
    (tmp_path / "audit.head").unlink()
    assert [f.code for f in state.verify_audit().findings] == ["audit.finding.head_file_missing"]
    (tmp_path / "audit.head").write_bytes(head)
    for path in tmp_path.glob("state.sqlite*"):
        path.unlink()
    assert [f.code for f in state.verify_audit().findings] == ["audit.finding.truncated"]


def test_a_crash_between_row_and_head_file_is_no_tampering(tmp_path: Path) -> None:
    state = filled(tmp_path, 2)
    head = (tmp_path / "audit.head").read_bytes()
    state.append_audit("a", "b", {})
    (tmp_path / "audit.head").write_bytes(head)
    assert state.verify_audit().ok


def test_many_threads_and_processes_append_one_chain(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from saa_dash.store.state import StateDb\n"
        "for n in range(5): StateDb(Path(sys.argv[1])).append_audit('p', 'view', {'n': n})"
    )
    root = Path(__file__).parents[2]
    process = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=root)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: StateDb(tmp_path).append_audit("t", "view", {"n": n}), range(24)))
    assert process.wait(timeout=120) == 0
    check = StateDb(tmp_path).verify_audit()
    assert (check.ok, check.rows) == (True, 29)


def test_a_change_and_its_row_stand_or_fall_together(tmp_path: Path) -> None:
    state = StateDb(tmp_path)
    with state.audited("admin", "role", {"user": "u"}) as con:
        roles.grant_role(con, "u", Role.DSMB, "admin", state.now())
    with pytest.raises(RuntimeError), state.audited("admin", "role", {"user": "v"}) as con:
        roles.grant_role(con, "v", Role.DSMB, "admin", state.now())
        raise RuntimeError
    with state.reading() as con:
        assert roles.read_roles(con) == {"u": frozenset({Role.DSMB})}
    assert [row.details for row in state.audit_rows()] == [{"user": "u"}]


def test_what_cannot_be_audited_does_not_happen(tmp_path: Path) -> None:
    state = StateDb(tmp_path)
    (tmp_path / "state.sqlite").write_bytes(b"this is no database" * 100)
    with pytest.raises(EnvironmentProblem) as error:
        state.append_audit("a", "b", {})
    assert error.value.message.code == "error.state_damaged"
    reached = False
    with pytest.raises(EnvironmentProblem), state.audited("a", "b", {}):
        reached = True
    assert not reached


def test_a_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    filled(tmp_path, 1)
    tamper(tmp_path, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(EnvironmentProblem) as error:
        StateDb(tmp_path).audit_rows()
    assert error.value.message.code == "error.state_newer"


def test_mappings_are_remembered_replaced_and_forgotten(tmp_path: Path) -> None:
    state = StateDb(tmp_path)
    with state.audited("dm", "mapping", {}) as con:
        keep_mappings(con, "lis", {"血红蛋白测定": "HGB", "中性粒": "ANC", "x": "ALT"}, "dm", state.now())
    with state.audited("dm", "mapping", {}) as con:
        keep_mappings(con, "lis", {"中性粒": "WBC", "x": ""}, "dm", state.now())
    with state.reading() as con:
        assert read_mappings(con, "lis") == {"血红蛋白测定": "HGB", "中性粒": "WBC"}
        assert read_mappings(con, "other") == {}


def test_reviews_and_queries(tmp_path: Path) -> None:
    state = StateDb(tmp_path, ticking())
    row = reviews.RowRef("S", "LB", "LB|1", "abc", "cut1")
    with state.audited("i", "review", {}) as con:
        assert reviews.add_review(con, row, "i", "t1", "看过") == 1
        number = reviews.raise_query(con, row, "LBORRES", "单位?", "i", "t2")
    with state.audited("i", "query", {}) as con:
        assert reviews.close_query(con, number, "已核实", "dm", "t3")
        assert not reviews.close_query(con, number, "again", "dm", "t4")
    with state.reading() as con:
        assert reviews.read_reviews(con, "S") == [reviews.Review(1, row, "i", "t1", "看过")]
        (query,) = reviews.read_queries(con, "S")
        assert reviews.read_queries(con, "other") == []
    assert query == reviews.Query(1, row, "LBORRES", "单位?", "i", "t2", "已核实", "dm", "t3")
    assert not query.is_open


def test_roles_and_personal_things(tmp_path: Path) -> None:
    state = StateDb(tmp_path)
    with state.audited("admin", "role", {}) as con:
        for role in (Role.DSMB, Role.PRESENTER, Role.DSMB):
            roles.grant_role(con, "u", role, "admin", "t")
        con.execute("INSERT INTO roles VALUES ('u', 'king', 'x', 't')")
        assert roles.revoke_role(con, "u", Role.PRESENTER)
        assert not roles.revoke_role(con, "u", Role.PRESENTER)
        assert roles.read_roles(con) == {"u": frozenset({Role.DSMB})}
        personal.keep(con, personal.Shelf.TRAY, "u", "例会", [1, "图"], "t1")
        personal.keep(con, personal.Shelf.TRAY, "u", "例会", [2], "t2")
        assert personal.kept(con, personal.Shelf.TRAY, "u") == {"例会": [2]}
        assert personal.kept(con, personal.Shelf.SAVED_VIEW, "u") == {}
        assert personal.kept(con, personal.Shelf.TRAY, "v") == {}
        assert personal.drop(con, personal.Shelf.TRAY, "u", "例会")
        assert not personal.drop(con, personal.Shelf.TRAY, "u", "例会")


def test_a_mark_is_taken_back_and_a_query_reopened_without_losing_anything(tmp_path: Path) -> None:
    state = StateDb(tmp_path, ticking())
    row = reviews.RowRef("S", "LB", "LB|1", "abc", "cut1")
    with state.audited("i", "review", {}) as con:
        mark = reviews.add_review(con, row, "i", "t1")
        reviews.add_review(con, row, "i", "t2", "看过", reviews.COMMENT)
        assert reviews.undo_review(con, mark, "t3")
        assert not reviews.undo_review(con, mark, "t4")
        number = reviews.raise_query(con, row, "", "?", "i", "t5")
        assert not reviews.reopen_query(con, number, "why", "i", "t6")
        assert reviews.close_query(con, number, "first", "dm", "t7")
        assert reviews.reopen_query(con, number, "not so", "i", "t8")
        assert reviews.close_query(con, number, "second", "dm", "t9")
    with state.reading() as con:
        notes = reviews.read_reviews(con, "S", "LB")
        assert [(note.kind, note.comment, note.undone_at) for note in notes] == [
            ("review", "", "t3"), ("comment", "看过", None),
        ]  # fmt: skip
        assert reviews.read_reviews(con, "S", "AE") == []
        (query,) = reviews.read_queries(con, "S")
        assert (query.answer, query.closed_at) == ("second", "t9")
        assert [(step.kind, step.text, step.actor, step.at) for step in reviews.read_steps(con, "S")] == [
            ("closed", "first", "dm", "t7"), ("reopened", "not so", "i", "t8"), ("closed", "second", "dm", "t9"),
        ]  # fmt: skip


def test_a_database_of_the_first_version_keeps_its_marks_and_answers(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "state.sqlite", isolation_level=None)) as con:
        for statement in MIGRATIONS[0]:
            con.execute(statement)
        con.execute("PRAGMA user_version = 1")
        con.execute("INSERT INTO reviews VALUES (1, 'S', 'LB', 'LB|1', 'abc', 'cut1', 'i', 't1', '看过')")
        row = "(1, 'S', 'LB', 'LB|1', 'abc', 'cut1', '', '?', 'i', 't2', 'yes', 'd', 't3')"
        con.execute(f"INSERT INTO queries VALUES {row}")
    place = reviews.RowRef("S", "LB", "LB|1", "abc", "cut1")
    with StateDb(tmp_path).reading() as con:
        assert reviews.read_reviews(con, "S") == [reviews.Review(1, place, "i", "t1", "看过")]
        assert reviews.read_steps(con, "S") == [reviews.Step(1, "closed", "yes", "d", "t3")]
