#!/usr/bin/env bash
# PostgreSQL 17 with pgvector and Redis for development and tests, on loopback only and as durable as in production.
#
#   scripts/dev/services.sh up|down|status|env
#   scripts/dev/services.sh postgres-private up|down PORT
#   scripts/dev/services.sh postgres-private stop PORT fast|immediate
#
# Where a Docker engine answers they run from compose.yaml. Elsewhere, on Debian and as root, they run from Debian 13's
# packages in a folder of their own; nothing but mmdebstrap is installed on the machine. `up` may be repeated. Tests
# find servers that are up by themselves; `env` prints what others need.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
home=${CAIRN_SERVICES:-${XDG_CACHE_HOME:-$HOME/.cache}/cairn/services}
postgres_port=${CAIRN_SERVICES_POSTGRES_PORT:-25432}
redis_port=${CAIRN_SERVICES_REDIS_PORT:-26379}
root=$home/debian
bin=/usr/lib/postgresql/17/bin
data=/var/lib/cairn-postgres

die() { echo "services.sh: $*" >&2; exit 1; }

docker_answers() { docker info >/dev/null 2>&1; }

compose() {
  CAIRN_SERVICES=$home CAIRN_SERVICES_PASSWORD=$(password) \
    CAIRN_SERVICES_POSTGRES_PORT=$postgres_port CAIRN_SERVICES_REDIS_PORT=$redis_port \
    docker compose -p cairn-services -f "$here/compose.yaml" "$@"
}

password() {
  [ -s "$home/password" ] || (umask 077; head -c 18 /dev/urandom | base64 | tr '+/' '-_' >"$home/password")
  cat "$home/password"
}

# A certificate for the name localhost, but not for the address 127.0.0.1, so that tests see a wrong name refused.
certificates() {
  local at=$home/tls
  [ ! -e "$at/server.key" ] || return 0
  command -v openssl >/dev/null || die "openssl is needed to make the servers' certificate."
  mkdir -p "$at"
  openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=Cairn development" \
    -keyout "$at/ca.key" -out "$at/ca.crt" 2>/dev/null
  openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout "$at/server.key.new" -out "$at/server.csr" 2>/dev/null
  openssl x509 -req -in "$at/server.csr" -CA "$at/ca.crt" -CAkey "$at/ca.key" -CAcreateserial -days 3650 \
    -extfile <(echo "subjectAltName=DNS:localhost") -out "$at/server.crt" 2>/dev/null
  mv "$at/server.key.new" "$at/server.key"
}

in_root() { chroot "$root" runuser -u "$1" -- "${@:2}"; }

# Debian 13's packages in a folder; the mark appears only when it is complete.
install_packages() {
  [ ! -e "$root/.complete" ] || return 0
  [ -e /etc/debian_version ] || die "no Docker engine answers, and without one this needs Debian."
  [ "$(id -u)" = 0 ] || die "no Docker engine answers, and without one this needs root."
  command -v mmdebstrap >/dev/null || {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null
  }
  local mirror
  mirror=${CAIRN_SERVICES_MIRROR:-$(awk '/^URIs:/ {print $2; exit}' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true)}
  rm -rf --one-file-system "$root"
  echo "Fetching PostgreSQL 17, pgvector and Redis from Debian (once)"
  mmdebstrap --quiet --mode=root --variant=minbase --aptopt='Apt::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/man/*' \
    --setup-hook='mkdir -p "$1/etc/postgresql-common"; echo "create_main_cluster = false" >"$1/etc/postgresql-common/createcluster.conf"' \
    --include=postgresql-17,postgresql-17-pgvector,redis-server trixie "$root" ${mirror:+"$mirror"}
  touch "$root/.complete"
}

devices() {
  local name major minor
  mkdir -p "$root/dev"
  while read -r name major minor; do
    [ -e "$root/dev/$name" ] || mknod -m 666 "$root/dev/$name" c "$major" "$minor"
  done <<<$'null 1 3\nzero 1 5\nurandom 1 9'
}

# Settings that decide about durability stay at PostgreSQL's defaults: fsync, synchronous_commit and full_page_writes on.
# The password is random, so that hashing it thousands of times would only make each of the tests' connections slow.
# make_cluster DATA SHARED-BUFFERS CONNECTIONS
make_cluster() {
  local data=$1
  [ ! -e "$root$data/PG_VERSION" ] || return 0
  install -d -m 700 "$root$data"
  chroot "$root" chown postgres: "$data"
  password >"$root$data.password"
  in_root postgres "$bin/initdb" -D "$data" -U postgres -A scram-sha-256 --pwfile="$data.password" --data-checksums \
    -E UTF8 --locale=C.UTF-8 -c scram_iterations=1 >/dev/null
  rm "$root$data.password"
  cp "$home/tls/server.crt" "$home/tls/server.key" "$root$data/"
  chroot "$root" sh -c "chown postgres: $data/server.* && chmod 600 $data/server.key"
  cat >>"$root$data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
dynamic_shared_memory_type = sysv
shared_buffers = $2
max_connections = $3
ssl = on
CONF
}

# runs DATA
runs() { [ -e "$root$1/PG_VERSION" ] && in_root postgres "$bin/pg_ctl" -D "$1" status >/dev/null 2>&1; }

# start DATA PORT
start() {
  runs "$1" || in_root postgres "$bin/pg_ctl" -D "$1" -w -l "$1/log" -o "-p $2" start >/dev/null ||
    die "PostgreSQL did not start: $(tail -3 "$root$1/log")"
}

postgres_runs() { runs "$data"; }

redis() { chroot "$root" env REDISCLI_AUTH="$(password)" redis-cli -h 127.0.0.1 -p "$redis_port" "$@"; }

redis_runs() { [ -e "$root/.complete" ] && [ "$(redis ping 2>/dev/null)" = PONG ]; }

debian_up() {
  install_packages
  devices
  make_cluster "$data" 256MB 200
  start "$data" "$postgres_port"
  chroot "$root" env PGPASSWORD="$(password)" psql -qAt -h 127.0.0.1 -p "$postgres_port" -U postgres -d template1 \
    -c "set client_min_messages = warning" -c "create extension if not exists vector" >/dev/null
  redis_runs && return
  install -d "$root/var/lib/cairn-redis"
  chroot "$root" chown redis: /var/lib/cairn-redis
  (umask 077; printf 'bind 127.0.0.1\nport %s\ndaemonize yes\ndir /var/lib/cairn-redis\nappendonly yes\nrequirepass %s\n' \
    "$redis_port" "$(password)" >"$root/etc/redis/cairn.conf")
  chroot "$root" chown redis: /etc/redis/cairn.conf
  in_root redis redis-server /etc/redis/cairn.conf >/dev/null
  for _ in {1..50}; do redis_runs && return; sleep 0.1; done
  die "Redis did not answer on port $redis_port."
}

debian_down() {
  ! postgres_runs || in_root postgres "$bin/pg_ctl" -D "$data" -m fast -w stop >/dev/null
  ! redis_runs || redis shutdown
}

# What tests look for when the environment names no servers.
describe() {
  (umask 077; cat >"$home/servers.properties") <<PROPERTIES
postgres.url=jdbc:postgresql://127.0.0.1:$postgres_port/postgres
postgres.user=postgres
postgres.password=$(password)
postgres.certificate=$home/tls/ca.crt
redis.url=redis://:$(password)@127.0.0.1:$redis_port
PROPERTIES
}

up() {
  mkdir -p "$home"
  exec 9>"$home/lock"
  flock 9
  password >/dev/null
  certificates
  if docker_answers; then compose up -d --wait 9>&-; else debian_up 9>&-; fi
  describe
  status
}

down() {
  [ -d "$home" ] || return 0
  exec 9>"$home/lock"
  flock 9
  if docker_answers; then compose down 9>&-; else debian_down 9>&-; fi
  rm -f "$home/servers.properties"
}

status() {
  if [ ! -e "$home/servers.properties" ] || ! answers; then
    echo "down; scripts/dev/services.sh up brings PostgreSQL and Redis up"
    return 1
  fi
  grep -v password "$home/servers.properties" | sed 's/=/ /; s/:[^:@/]*@/:***@/' | awk '{ printf "%-22s %s\n", $1, $2 }'
  echo "passwords in           $home/password"
  cat <<TEXT
Tests use these by themselves. To run Cairn on them:
  CAIRN_STORE_URL=jdbc:postgresql://127.0.0.1:$postgres_port/postgres CAIRN_STORE_USER=postgres \\
    CAIRN_STORE_PASSWORD_FILE=$home/password ./cairn serve
TEXT
}

private_up() {
  mkdir -p "$home"
  (
    flock 9
    password >/dev/null
    certificates
    install_packages
    devices
  ) 9>"$home/lock"
  make_cluster "$data-$1" 32MB 100
  start "$data-$1" "$1"
  printf 'url=jdbc:postgresql://127.0.0.1:%s/postgres\nuser=postgres\npassword=%s\n' "$1" "$(password)"
}

private_stop() { ! runs "$data-$1" || in_root postgres "$bin/pg_ctl" -D "$data-$1" -m "$2" -w stop >/dev/null; }

private_down() {
  private_stop "$1" immediate
  rm -rf --one-file-system "$root$data-$1"
}

postgres_private() {
  case "${1:-} ${2:-} ${3:-}" in
    "up "[0-9]*" ") private_up "$2" ;;
    "down "[0-9]*" ") private_down "$2" ;;
    "stop "[0-9]*" fast" | "stop "[0-9]*" immediate") private_stop "$2" "$3" ;;
    *) die "use: services.sh postgres-private up|down PORT, or stop PORT fast|immediate" ;;
  esac
}

answers() {
  if docker_answers; then
    [ "$(compose ps -q --status running | wc -l)" = 2 ]
  else
    postgres_runs && redis_runs
  fi
}

environment() {
  answers || die "the servers are down."
  sed -n 's/^\([a-z]*\)\.\([a-z]*\)=\(.*\)/\1 \2 \3/p' "$home/servers.properties" | while read -r server key value; do
    printf 'export CAIRN_TEST_%s_%s=%q\n' "${server^^}" "${key^^}" "$value"
  done
}

case "${1:-}" in
  up) up ;;
  down) down ;;
  status) status ;;
  env) environment ;;
  postgres-private) postgres_private "${@:2}" ;;
  *) die "use: services.sh up|down|status|env|postgres-private" ;;
esac
