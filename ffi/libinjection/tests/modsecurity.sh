#!/usr/bin/env bash
# The stock ModSecurity of Debian with the Core Rule Set's @detectSQLi and @detectXSS rules judges
# the same requests twice: as it is, and with the drop-in preloaded. Skipped, visibly, where the
# packages cannot be installed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
drop_in=${CARGO_TARGET_DIR:-$root/target}/release/libsyntrap_libinjection.so
rules=/usr/share/modsecurity-crs/rules
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

installed() { dpkg-query -W libmodsecurity3 libmodsecurity-dev modsecurity-crs >/dev/null 2>&1; }
if ! installed; then
    apt-get install -y -qq --no-install-recommends libmodsecurity3 libmodsecurity-dev modsecurity-crs >/dev/null 2>&1 || true
    installed || { echo "SKIPPED: libmodsecurity3, libmodsecurity-dev and modsecurity-crs cannot be installed"; exit 0; }
fi

# The rule set's own rules of these two files, less all that do not ask libinjection.
cat >"$work/rules.conf" <<CONF
SecRuleEngine On
SecRequestBodyAccess On
SecDefaultAction "phase:1,log,pass"
SecDefaultAction "phase:2,log,deny,status:403"
SecAction "id:900990,phase:1,pass,nolog,setvar:tx.crs_setup_version=334"
Include $rules/REQUEST-901-INITIALIZATION.conf
Include $rules/REQUEST-941-APPLICATION-ATTACK-XSS.conf
Include $rules/REQUEST-942-APPLICATION-ATTACK-SQLI.conf
SecRuleRemoveById 941110-941999 942101-942999
CONF
cc -std=c99 -Wall -Wextra -Werror "$here/modsecurity.c" -lmodsecurity -o "$work/modsecurity"

values=(
    "x' union select login, secret from accounts -- "
    "'; truncate table accounts -- "
    "5 or 6 & 7"
    "O'Brien and Sons"
    "<script>remember(title)</script>"
    "<svg width=9></svg>"
    "a < b"
)
"$work/modsecurity" "$work/rules.conf" "${values[@]}" >"$work/stock"
LD_PRELOAD=$drop_in "$work/modsecurity" "$work/rules.conf" "${values[@]}" >"$work/preloaded"
printf 'libinjection:\n'; sed 's/^/    /' "$work/stock"
printf 'preloaded with Syntrap:\n'; sed 's/^/    /' "$work/preloaded"

expect() { # expect FILE LINE
    grep -qxF -- "$2" "$work/$1" || { echo "not so: $1 has: $2" >&2; exit 1; }
}
# Both find the union; the fingerprint tells who answered.
grep -q '^403 \[sUE' "$work/stock" || { echo "not so: the stock library answers by itself" >&2; exit 1; }
expect preloaded "403 [sq:rt] x' union select login, secret from accounts -- "
# A statement behind a closed literal; a sum in words.
expect stock "200 '; truncate table accounts -- "
expect preloaded "403 [sq:et] '; truncate table accounts -- "
grep -q '^403 .* 5 or 6 & 7$' "$work/stock" || { echo "not so: the stock library flags 5 or 6 & 7" >&2; exit 1; }
for kind in stock preloaded; do
    expect "$kind" "200 O'Brien and Sons"
    expect "$kind" "200 a < b"
done
expect preloaded "200 5 or 6 & 7"
for kind in stock preloaded; do
    grep -q '^403.* <script>' "$work/$kind" || { echo "not so: $kind flags a script" >&2; exit 1; }
done
# An element that only draws tells who answered about HTML.
grep -q '^403.* <svg' "$work/stock" || { echo "not so: the stock library flags an element that draws" >&2; exit 1; }
expect preloaded "200 <svg width=9></svg>"
echo "ok: the stock ModSecurity asks the drop-in"
