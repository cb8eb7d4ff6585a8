import logging, sys
logging.warning("root %s", "w"); logging.info("hidden")
logging.basicConfig(level=logging.DEBUG, format="%(levelname)s:%(name)s:%(message)s", stream=sys.stdout, force=True)
log = logging.getLogger("app.db"); log.debug("d %d", 1); log.info("i"); log.error("e"); log.critical("c")
try: 1 / 0
except ZeroDivisionError: log.exception("failed")
log.setLevel(logging.ERROR); log.warning("no"); print(log.level, log.isEnabledFor(10), logging.getLevelName(30), log.name, log.parent.name if log.parent else None)
h = logging.StreamHandler(sys.stdout); h.setFormatter(logging.Formatter("[%(levelname)-8s] %(message)s (%(funcName)s)")); l2 = logging.getLogger("two"); l2.addHandler(h); l2.propagate = False
def fn(): l2.warning("in fn", stacklevel=1)
fn(); l2.info("shown")
