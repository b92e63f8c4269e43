# Stands in for nginxinc/nginx-unprivileged:1.29-alpine-slim: its account 101 and its steps before nginx.
FROM ohmatdyt-base-services
RUN groupadd --gid 101 nginx-101 2>/dev/null || groupmod --new-name nginx-101 "$(getent group 101 | cut -d: -f1)"; \
    useradd --uid 101 --gid 101 --no-create-home nginx-101 2>/dev/null || true; \
    ln -s /usr/bin/busybox /usr/local/bin/wget; mkdir -p /docker-entrypoint.d
COPY --chmod=0755 nginx-entrypoint.sh /docker-entrypoint.sh
COPY --chmod=0755 nginx-envsubst.sh /docker-entrypoint.d/20-envsubst-on-templates.sh
USER 101
ENTRYPOINT ["/docker-entrypoint.sh"]
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
