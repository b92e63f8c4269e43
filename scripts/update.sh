#!/usr/bin/env bash
# Update a server with Docker while people work: a copy, new images, the schema, then one part after the other.
#   scripts/update.sh [--no-backup] [--no-build] [--no-migrate]
# --no-build: the images came with a release (`docker load`). --no-migrate: back to what ran before (VERSION=previous).
# Another set of files: COMPOSE_FILE=compose.yml:compose.prod.yml:own.yml; another .env: ENV_FILE=…
set -euo pipefail
cd "$(dirname "$0")/.."
env_file="${ENV_FILE:-.env}"
export COMPOSE_FILE="${COMPOSE_FILE:-compose.yml:compose.prod.yml}"
patience_s="${UPDATE_PATIENCE_S:-180}"
backup=yes build=yes migrate=yes
for option in "$@"; do
    case "$option" in
        --no-backup) backup=no ;;
        --no-build) build=no ;;
        --no-migrate) migrate=no ;;
        *) sed -n '2,5s/^# //p' "$0" && exit 2 ;;
    esac
done

compose() { docker compose --env-file "$env_file" "$@"; }
say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }
give_up() { say "НЕ ОНОВЛЕНО: $*" >&2 && exit 1; }
setting() {
    local value
    value=$(sed -n "s/^$1=//p" "$env_file" | tail -1)
    echo "${value:-$2}"
}

exec 9<"$0"
flock --nonblock 9 || give_up "оновлення вже йде"
old=$(compose ps --quiet api)
[ -n "$old" ] || give_up "система не працює; запустіть її: docker compose … up -d"
running=$(wc -l <<<"$old")

# While one is renewed, there is one more of them.
needed=$(((running + 1) * (3 * $(setting DATABASE_POOL_SIZE 10) + 4) + $(setting DATABASE_POOL_SIZE 10) + $(setting MAIL_CONNECTIONS 4) + 10))
accepted=$(compose exec -T db psql --username=ohmatdyt --dbname=ohmatdyt --tuples-only --no-align --command='SHOW max_connections')
[ "$needed" -le "$accepted" ] ||
    give_up "база приймає $accepted з'єднань, а на час оновлення треба $needed: задайте DB_MAX_CONNECTIONS або менше API_REPLICAS"

if [ "$backup" = yes ]; then
    say "копія"
    compose exec -T worker ohmatdyt backup /srv/backups || give_up "копія не вдалася"
fi
# The way back.
if [ "${VERSION:-}" != previous ]; then
    docker tag "$(docker inspect --format '{{.Image}}' "$(head -1 <<<"$old")")" ohmatdyt-api:previous
    docker tag "$(docker inspect --format '{{.Image}}' "$(compose ps --quiet frontend)")" ohmatdyt-web:previous
fi
if [ "$build" = yes ]; then
    say "образи"
    compose build api frontend
fi
if [ "$migrate" = yes ]; then
    say "схема бази"
    compose run --rm --no-deps own-volumes
    compose run --rm --no-deps migrate || give_up "схема не оновилася, стара версія працює далі"
fi

# await CONTAINER: until its health check passes. It has not begun to, or says no while it starts, for a while.
await() {
    local deadline=$((SECONDS + patience_s)) state
    while [ $SECONDS -lt $deadline ]; do
        state=$(docker inspect --format '{{.State.Status}} {{.State.Health.Status}}' "$1")
        case "$state" in
            "running healthy") return 0 ;;
            "running "*) sleep 1 ;;
            *) break ;;
        esac
    done
    docker logs --tail 20 "$1" >&2 || true
    return 1
}

number=0
for container in $old; do
    number=$((number + 1))
    say "API $number з $running"
    before=$(compose ps --all --quiet api)
    compose up --detach --no-deps --no-recreate --no-build --scale "api=$((running + 1))" api 2>&1 | grep -v -E 'Running|Created' || true
    fresh=$(compose ps --all --quiet api | grep -v -F "$before" | head -1)
    if [ -z "$fresh" ] || ! await "$fresh"; then
        if [ -n "$fresh" ]; then docker rm --force "$fresh" >/dev/null; fi
        give_up "новий процес API не запрацював (його журнал вище); решта працює далі"
    fi
    sleep 6 # nginx asks every 5 s who there is
    docker stop --time 40 "$container" >/dev/null
    docker rm "$container" >/dev/null
done

say "worker, wal і beat"
compose up --detach --no-deps --no-build worker wal beat
say "веб-інтерфейс"
compose up --detach --no-deps --no-build frontend
await "$(compose ps --quiet frontend)" || give_up "веб-інтерфейс не запрацював; API вже нове"

# nginx serves the interface from the volume, so it is started anew only for another program or other settings of it.
print='nginx -v 2>&1; find /etc/nginx /docker-entrypoint.d -type f | sort | xargs sha256sum; env | grep -v -E "^(HOSTNAME|HOME|PWD|SHLVL|OLDPWD|_|TERM)=" | sort'
if [ "$(compose exec -T nginx sh -c "$print")" = "$(compose run --rm --no-deps -T --entrypoint sh nginx -c "$print" 2>/dev/null)" ]; then
    say "nginx: без змін, працює далі"
else
    say "nginx: інші налаштування, перерва на секунду-дві"
    compose up --detach --no-deps --no-build nginx
    await "$(compose ps --quiet nginx)" || give_up "nginx не запрацював: docker compose logs nginx"
fi
say "перевірка"
compose exec -T worker ohmatdyt doctor
say "оновлено"
