"""A page run aside: in a session of its own that no screen shows, with settings of its own.

It is Streamlit that runs it, as it runs every page, but what it draws goes nowhere; what the page on the screen holds
is neither read nor changed.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from streamlit.runtime import get_instance
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import StopException, add_script_run_ctx, get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.runtime.state import SafeSessionState, SessionState


def run_aside(page: Callable[[], None], params: Mapping[str, str], held: Mapping[str, object]) -> None:
    """Run a page aside, as the person in front of this screen, and return when it has ended or stopped.

    Parameters
    ----------
    params : of its address. held : its session state.

    Raises
    ------
    Whatever the page raises.
    """
    outer = get_script_run_ctx()
    if outer is None:
        raise RuntimeError("a page can be run aside from a page only")
    session_id, raised = f"aside-{uuid.uuid4().hex}", list[BaseException]()

    def work() -> None:
        context = ScriptRunContext(
            session_id=session_id,
            _enqueue=lambda _message: None,
            query_string="",
            session_state=SafeSessionState(SessionState(), lambda: None),
            uploaded_file_mgr=outer.uploaded_file_mgr,
            main_script_path=outer.main_script_path,
            user_info=outer.user_info,
            fragment_storage=MemoryFragmentStorage(),
            pages_manager=PagesManager(outer.main_script_path),
        )
        add_script_run_ctx(threading.current_thread(), context)
        context.reset(query_string=urlencode(params), context_info=outer.context_info)
        for name, value in held.items():
            context.session_state[name] = value
        try:
            page()
        except StopException:
            return
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=work, name="page aside", daemon=True)
    thread.start()
    thread.join()
    get_instance().media_file_mgr.clear_session_refs(session_id)
    if raised:
        raise raised[0]
