"""The master: binds, starts workers, keeps them alive, ends them."""
import os
import signal
import socket
import sys
import time
import traceback

import gunicorn
from gunicorn.worker import AppImportError, Worker, load

LEVELS = ("debug", "info", "warning", "error", "critical")
WORKER_BOOT_ERROR, APP_LOAD_ERROR = 3, 4


class _Signal(BaseException):
    def __init__(self, number):
        self.number = number


def _raise(number, frame):
    raise _Signal(number)


class Log:
    def __init__(self, options):
        self.level = LEVELS.index(options.log_level.lower()) if options.log_level.lower() in LEVELS else 1
        self._error = None if options.error_logfile == "-" else options.error_logfile
        self._access = options.access_logfile

    def _write(self, level, text):
        if LEVELS.index(level) < self.level:
            return
        line = "[%s] [%d] [%s] %s\n" % (time.strftime("%Y-%m-%d %H:%M:%S +0000", time.gmtime()), os.getpid(), level.upper(), text)
        if self._error is None:
            sys.stderr.write(line)
            sys.stderr.flush()
        else:
            with open(self._error, "a") as f:
                f.write(line)

    def debug(self, text):
        self._write("debug", text)

    def info(self, text):
        self._write("info", text)

    def warning(self, text):
        self._write("warning", text)

    def error(self, text):
        self._write("error", text)

    def access(self, line):
        if self._access == "-":
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        elif self._access:
            with open(self._access, "a") as f:
                f.write(line + "\n")


class Arbiter:
    def __init__(self, options, name):
        self.options, self.name, self.log = options, name, Log(options)
        self.workers, self.sockets, self.app = set(), [], None

    def run(self):
        log = self.log
        if self.options.preload:
            self.app = load(self.name)
        log.info("Starting gunicorn " + gunicorn.__version__)
        for address in self.options.bind:
            self.sockets.append(self.bind(address))
        shown = ",".join(["http://%s:%d" % s.getsockname() for s in self.sockets])
        log.info("Listening at: %s (%d)" % (shown, os.getpid()))
        log.info("Using worker: " + self.options.worker_class)
        for s in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
            signal.signal(s, _raise)
        code = 0
        try:
            while True:
                while len(self.workers) < self.options.workers:
                    self.spawn()
                pid, status = os.wait()
                self.workers.discard(pid)
                left = os.waitstatus_to_exitcode(status)
                if left < 0:
                    log.error("Worker (pid:%d) was sent %s!" % (pid, signal.Signals(-left).name))
                elif left:
                    log.error("Worker (pid:%d) exited with code %d." % (pid, left))
                if left in (WORKER_BOOT_ERROR, APP_LOAD_ERROR):
                    reason = "Worker failed to boot." if left == WORKER_BOOT_ERROR else "App failed to load."
                    self.stop(signal.SIGTERM)
                    log.error("Shutting down: Master")
                    log.error("Reason: " + reason)
                    sys.exit(left)
        except _Signal as s:
            log.info("Handling signal: " + signal.Signals(s.number).name[3:].lower())
            self.stop(signal.SIGTERM if s.number == signal.SIGTERM else signal.SIGQUIT)
            log.info("Shutting down: Master")
        sys.exit(code)

    def bind(self, address):
        host, _, port = address.rpartition(":")
        if not host and not port.isdigit():
            host, port = port, "8000"
        if not port.isdigit():
            print("\nError: %r is not a valid port number.\n" % port, file=sys.stderr)
            sys.exit(1)
        for left in range(5, -1, -1):
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind((host or "0.0.0.0", int(port)))
                s.listen(2048)
                return s
            except OSError as e:
                s.close()
                if e.errno == 98:
                    self.log.error("Connection in use: %r" % ((host, int(port)),))
                elif e.errno in (13, 99):
                    self.log.error("Invalid address: %r" % ((host, int(port)),))
                    sys.exit(1)
                if left:
                    self.log.error("Retrying in 1 second.")
                    time.sleep(1)
        self.log.error("Can't connect to %r" % ((host, int(port)),))
        sys.exit(1)

    def spawn(self):
        pid = os.fork()
        if pid:
            self.workers.add(pid)
            return
        code = 0
        for s in (signal.SIGINT, signal.SIGHUP):
            signal.signal(s, signal.SIG_IGN)
        try:
            self.log.info("Booting worker with pid: %d" % os.getpid())
            Worker(self).run()
        except _Signal:
            self.log.info("Worker exiting (pid: %d)" % os.getpid())
        except AppImportError as e:
            sys.stderr.write("%s\n" % e)
            code = APP_LOAD_ERROR
            self.log.info("Worker exiting (pid: %d)" % os.getpid())
        except BaseException:
            self.log.error("Exception in worker process\n" + traceback.format_exc().rstrip("\n"))
            self.log.info("Worker exiting (pid: %d)" % os.getpid())
            code = WORKER_BOOT_ERROR
        sys.stdout.flush()
        os._exit(code)

    def stop(self, number):
        for s in self.sockets:
            s.close()
        for s in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
            signal.signal(s, signal.SIG_IGN)
        for pid in self.workers:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass
        end = time.monotonic() + self.options.graceful_timeout
        while self.workers:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid:
                self.workers.discard(pid)
            elif time.monotonic() >= end:
                for pid in self.workers:
                    os.kill(pid, signal.SIGKILL)
                end += 1
            else:
                time.sleep(0.1)
