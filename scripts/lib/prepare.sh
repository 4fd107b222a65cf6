# Sourced by the scripts that need npm packages: checks Node and installs what the lock file says, only when it changed
# since the last time. Quiet when there is nothing to say. Works with bash 3.2.
# Use: . scripts/lib/prepare.sh; prepare || exit 1

# The repository's root, found from this file.
prepare_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

prepare() {
  prepare_check_node || return 1
  prepare_install
}

prepare_check_node() {
  if ! command -v node >/dev/null 2>&1; then
    echo "Node.js is missing: install version 20.19 or newer (https://nodejs.org)" >&2
    return 1
  fi
  if ! node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1);
  ' 2>/dev/null; then
    echo "Node.js $(node --version 2>/dev/null) is too old: install version 20.19 or newer (https://nodejs.org)" >&2
    return 1
  fi
}

# The stamp lies inside node_modules, so that whoever removes that folder is installed again. A complete `npm ci` by hand
# counts too: npm's own list is then newer than the lock file.
prepare_install() {
  local modules stamp lock
  modules="$prepare_root/node_modules"
  stamp="$modules/.installed-lock"
  lock="$prepare_root/package-lock.json"
  if cmp -s "$lock" "$stamp"; then return 0; fi
  if [ ! -e "$stamp" ] && [ -d "$modules/ts-blank-space" ] && [ "$modules/.package-lock.json" -nt "$lock" ]; then
    cp "$lock" "$stamp"
    return 0
  fi
  if [ -L "$modules" ]; then
    echo "node_modules is a link to another clone, whose packages do not fit the lock file here: remove the link" >&2
    return 1
  fi
  if ! command -v npm >/dev/null 2>&1; then
    echo "npm is missing: it comes with Node.js; install both" >&2
    return 1
  fi
  local log
  log=$(mktemp "${TMPDIR:-/tmp}/universal-integrator-npm.XXXXXX") || return 1
  echo "installing npm packages…" >&2
  if (cd "$prepare_root" && npm ci --no-audit --no-fund --loglevel=error) >"$log" 2>&1; then
    cp "$lock" "$stamp"
    rm -f "$log"
    return 0
  fi
  echo "npm ci failed; its last lines:" >&2
  tail -n 5 "$log" >&2
  echo "all of it: $log" >&2
  return 1
}
