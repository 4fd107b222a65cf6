#!/usr/bin/env bash
# Installs the Debian packages of the named groups: only what is missing, without starting or enabling a service of
# ours, and without a word when all is there. What it does goes to standard error. Safe for bash 3.2.
set -eu

usage() {
  cat <<'USAGE'
usage: scripts/lib/install-debian-packages.sh GROUP...
groups:
  redis      the Redis server's program (no service is set up)
  postgres   PostgreSQL (no cluster is created, nothing listens)
  odoo       what Odoo 19 needs from the system: Python modules, fonts, JavaScript
  chromium   Chromium with fonts, for the browser tests
Needs apt and root only when something is missing; says in one line what to do otherwise.
USAGE
}

ODOO_PYTHON="asn1crypto babel cbor2 chardet cryptography dateutil docutils freezegun geoip2 gevent greenlet idna jinja2
  libsass lxml magic markupsafe num2words ofxparse openpyxl openssl passlib pil polib psutil psycopg2 pypdf qrcode
  reportlab requests rjsmin serial stdnum tz urllib3 usb vobject websocket werkzeug xlrd xlsxwriter xlwt zeep"
ODOO_OTHER="fonts-dejavu-core fonts-glyphicons-halflings fonts-inconsolata fonts-font-awesome fonts-ocr-b
  fonts-roboto-unhinted libjs-jquery libjs-jquery-form libjs-underscore"
# Not in every suite; Odoo runs without them.
ODOO_WHERE_KNOWN="gsfonts python3-lxml-html-clean fonts-montserrat"

say() { echo "$*" >&2; }
fail() { say "$*"; exit 1; }
on_path() { command -v "$1" >/dev/null 2>&1; }

has_postgres() {
  on_path initdb && return 0
  for initdb in /usr/lib/postgresql/*/bin/initdb; do [ -x "$initdb" ] && return 0; done
  return 1
}

# Prints the packages of a group; nothing when a program from elsewhere already does the work.
packages_of() {
  case "$1" in
    redis) on_path redis-server || echo redis-tools ;;
    postgres) has_postgres || echo postgresql ;;
    chromium) on_path chromium || on_path google-chrome || echo chromium fonts-liberation fonts-noto-color-emoji ;;
    odoo)
      for name in $ODOO_PYTHON; do echo "python3-$name"; done
      echo "$ODOO_OTHER"
      ;;
    *) fail "unknown group '$1'; known: redis postgres odoo chromium" ;;
  esac
}

missing_of() {
  [ $# -gt 0 ] || return 0
  if ! on_path dpkg-query; then
    printf '%s\n' "$@"
    return 0
  fi
  installed=" $(dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' | tr '\n' ' ')"
  for package in "$@"; do
    case "$installed" in *" $package "*) ;; *) echo "$package" ;; esac
  done
}

known() { [ -n "$(apt-cache show --no-all-versions "$1" 2>/dev/null)" ]; }
all_known() { for package in "$@"; do known "$package" || return 1; done; }

# Two runs may meet at apt's lists, which apt does not wait for.
update_lists() {
  say "apt-get update"
  for attempt in 1 2 3 4 5; do
    apt-get update -qq >/dev/null && return 0
    [ "$attempt" -eq 5 ] || sleep 3
  done
  say "the package lists could not be refreshed; going on with the ones at hand"
}

POLICY=/usr/sbin/policy-rc.d
POLICY_MARK="# placed for a moment by universal-integrator: packages start no service while it is here"
CLUSTER_RULE=/etc/postgresql-common/createcluster.d/universal-integrator.conf

forbid_services() {
  if [ ! -e "$POLICY" ]; then
    printf '#!/bin/sh\n%s\nexit 101\n' "$POLICY_MARK" >"$POLICY"
    chmod 0755 "$POLICY"
  fi
  # PostgreSQL's package would create and run a cluster on the usual port.
  mkdir -p "${CLUSTER_RULE%/*}"
  echo "create_main_cluster = false" >"$CLUSTER_RULE"
}

allow_services() {
  rm -f "$CLUSTER_RULE"
  if grep -qsF "$POLICY_MARK" "$POLICY"; then rm -f "$POLICY"; fi
}

apt_install() {
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold "$@" >/dev/null
}

[ $# -gt 0 ] || { usage >&2; exit 2; }
case "$1" in -h | --help) usage; exit 0 ;; esac

wanted=""
optional=""
for group in "$@"; do
  wanted="$wanted $(packages_of "$group")"
  [ "$group" = odoo ] && optional="$ODOO_WHERE_KNOWN"
done
# shellcheck disable=SC2086 # lists of package names
missing=$(missing_of $wanted)
[ -n "$missing" ] || exit 0
# Word splitting is meant from here on: package names hold no blanks.
# shellcheck disable=SC2086
{
  on_path apt-get || fail "there is no apt here to install$(printf ' %s' $missing): use docker compose up instead"
  [ "$(id -u)" -eq 0 ] || fail "packages are missing: sudo apt-get install$(printf ' %s' $missing) (or use docker compose up instead)"
  all_known $missing || update_lists
  for package in $missing; do known "$package" || fail "package $package is not in this system's suite: use docker compose up instead"; done
  for package in $optional; do if known "$package"; then missing="$missing $(missing_of "$package")"; fi; done
  say "installing:$(printf ' %s' $missing)"
  trap allow_services EXIT
  trap 'exit 130' INT TERM
  forbid_services
  apt_install $missing || { update_lists && apt_install $missing; } || fail "apt-get could not install the packages of: $*"
}
