// The mark of a meeting, a cookie of this browser: the server reads it before it draws anything for a new address.
(() => {
  const MARK = "__MARK__", LEFT = "__LEFT__", SECONDS = __SECONDS__, SHORTLY = 60;
  const held = () => document.cookie.split("; ").some((one) => one.startsWith("__NAME__="));
  const keep = (value, seconds) => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `__NAME__=${value}; path=/; max-age=${seconds}; samesite=lax${secure}`;
  };
  window.saaMeeting?.abort();
  const { signal } = (window.saaMeeting = new AbortController());
  if (MARK) keep(MARK, SECONDS);
  else if (LEFT && window.saaLeft !== LEFT) keep("", 0); // once: another window may be in a meeting since
  window.saaLeft = LEFT;
  addEventListener("pagehide", () => {
    // Left in another window: here it goes on, and whatever this window opens next must know of it.
    if (MARK && !held()) keep(MARK, SHORTLY);
    document.documentElement.style.visibility = "hidden";
  }, { signal });
  // A page that the browser kept whole is older than the meeting: nothing of it is shown before it is loaded anew.
  addEventListener("pageshow", (event) => {
    if (event.persisted && held() && !MARK) location.reload();
    else document.documentElement.style.visibility = "";
  }, { signal });
})();
