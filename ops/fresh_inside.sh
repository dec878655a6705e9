#!/bin/sh
# The part of `make fresh` that runs in the bare Debian: `make run`, then `make test`.
set -eu
cd /root/rakat

fail() {
    echo "rakat: $1" >&2
    [ -f /tmp/run.log ] && tail -40 /tmp/run.log >&2
    exit 1
}

wait_for_ready() {
    seconds=0
    until grep -q "Rakat is ready" /tmp/run.log; do
        kill -0 "$make_run" 2>/dev/null || fail "make run ended before it was ready"
        [ $seconds -lt 1200 ] || fail "make run is not ready after 20 minutes"
        sleep 1
        seconds=$((seconds + 1))
    done
}

smoke() { # the portal answers and a demo account can log in and read its tasks
    python3 - "http://127.0.0.1:${RAKAT_HTTP_PORT:-8080}" <<'PY'
import json, sys, urllib.request

base = sys.argv[1]


def ask(path, body=None, token=None):
    request = urllib.request.Request(base + path)
    request.add_header("Accept", "application/json")
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
        request.add_header("Idempotency-Key", "fresh-check-0001")
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.status, answer.read()


assert ask("/readyz")[0] == 200
assert ask("/")[0] == 200
_, text = ask(
    "/api/v1/sessions", {"username": "bupati", "password": "rakat-demo-2026"}
)
token = json.loads(text)["token"]
_, text = ask("/api/v1/tasks", token=token)
print(f"  smoke check: bupati sees {len(json.loads(text)['items'])} tasks")
PY
}

leftovers() { # names of processes that a stopped stack may not leave behind
    cat /proc/[0-9]*/comm 2>/dev/null | grep -E '^(postgres|secantus|beam|epmd|python)' || true
}

run_until_ready() {
    echo "##### make run$1"
    : >/tmp/run.log
    make run >/tmp/run.log 2>&1 &
    make_run=$!
    wait_for_ready
    grep "Rakat is ready" /tmp/run.log
    smoke || fail "the smoke check failed"
    # What Ctrl-C does: an interrupt for make and for what it runs.
    for child in $(cat "/proc/$make_run/task/$make_run/children"); do
        kill -INT "$child"
    done
    wait "$make_run" || true
    [ -z "$(leftovers)" ] || fail "left behind after Ctrl-C: $(leftovers)"
}

only=${RAKAT_FRESH_ONLY:-}
if [ "$only" != test ]; then
    run_until_ready " (first start)"
    run_until_ready " (second start)"
fi
if [ "$only" != run ]; then
    echo "##### make test"
    make test
fi
