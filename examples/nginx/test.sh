#!/usr/bin/env bash
# Builds the module and tests it with real requests on loopback. Skipped, visibly, where the packages
# cannot be installed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
# nginx's worker is another user when the test is root.
chmod 755 "$work"

installed() {
    local command
    for command in nginx pkg-config python3; do command -v "$command" >/dev/null || return; done
    [ -d /usr/share/nginx/src ]
}
if ! installed; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        nginx nginx-dev pkg-config python3 >/dev/null 2>&1 || true
    installed || { echo "SKIPPED: nginx, nginx-dev, pkg-config and python3 cannot be installed"; exit 0; }
fi
nginx=(nginx -p "$work" -c "$work/nginx.conf" -e "$work/error.log")

stop() {
    local status=$?
    [ ! -s "$work/nginx.pid" ] || "${nginx[@]}" -s stop 2>/dev/null || true
    [ "$status" -eq 0 ] || tail -n 20 "$work/error.log" >&2 || true
    rm -rf "$work"
}
trap stop EXIT

cc -std=c99 -D_POSIX_C_SOURCE=200809L -g -Wall -Wextra -Werror -pedantic -fsanitize=address,undefined \
    -fno-sanitize-recover=all "$here/values.c" "$here/test_values.c" -o "$work/test_values"
"$work/test_values"

make --no-print-directory -C "$root/ffi" install PREFIX="$work/prefix" >/dev/null
PKG_CONFIG_PATH="$work/prefix/lib/pkgconfig" "$here/build.sh" "$work"
export LD_LIBRARY_PATH="$work/prefix/lib"

port=$((20000 + $$ % 20000))
configure() {
    sed -e "s|@WORK@|$work|; s|@PORT@|$port|; s|@BACKEND@|$((port + 1))|g" "$here/test.conf.in" >"$work/nginx.conf"
}
configure
sed -i 's/syntrap block;/syntrap block; syntrap_languages klingon;/' "$work/nginx.conf"
if "${nginx[@]}" -t 2>"$work/refused" || ! grep -q 'unknown language `klingon`' "$work/refused"; then
    echo "not so: a wrong configuration is refused" >&2
    exit 1
fi
echo "ok a wrong configuration is refused"
configure
: >"$work/error.log"
"${nginx[@]}"
python3 "$here/requests.py" "$port" "$work" "${nginx[@]}"
if grep -E 'emerg|alert|crit|exited on signal' "$work/error.log"; then
    echo "not so: the error log has no alarm" >&2
    exit 1
fi
