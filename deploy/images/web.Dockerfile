# nginx with the built web interface. The services `frontend` and `nginx` both run it.
FROM node:22-slim AS build
ENV NEXT_TELEMETRY_DISABLED=1
WORKDIR /build/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
COPY frontend/scripts/check-lock.mjs scripts/
RUN --mount=type=secret,id=registries --mount=type=secret,id=authority \
    if [ -f /run/secrets/registries ]; then . /run/secrets/registries; fi \
    && npm install --no-save --no-audit --no-fund --ignore-scripts \
    && node scripts/check-lock.mjs
COPY frontend ./
RUN npm run build

FROM nginxinc/nginx-unprivileged:1.29-alpine-slim
# A volume mounted here belongs to whom the folder belongs: `frontend` fills it.
USER root
RUN mkdir -p /srv/static && chown 101:101 /srv/static
USER 101
# The image's own steps before nginx: 10 waits for the certificate, 15 prepares what the templates include, 20 (the image's) fills them in.
COPY --chmod=0755 deploy/nginx/entrypoint/ /docker-entrypoint.d/
COPY --chmod=0755 deploy/nginx/publish-web.sh /usr/local/bin/publish-web
COPY deploy/nginx/nginx.conf /etc/nginx/nginx.conf
COPY deploy/nginx/snippets/ /etc/nginx/snippets/
COPY deploy/nginx/templates/ /etc/nginx/templates/
COPY deploy/nginx/templates-tls/ /etc/nginx/templates-tls/
COPY --from=build /build/frontend/out/ /usr/share/ohmatdyt/web/
ENV NGINX_ENVSUBST_OUTPUT_DIR=/tmp/ohmatdyt/conf \
    LISTEN=8080 \
    WEB_ROOT=/usr/share/ohmatdyt/web \
    SNIPPETS=/tmp/ohmatdyt/snippets \
    RESOLVER=127.0.0.11 \
    API_SERVERS="server api-edge:8000 resolve;" \
    UPLOAD_LIMIT=201m \
    CALLER_RATE=50 \
    ADDRESS_RATE=500
EXPOSE 8080
STOPSIGNAL SIGQUIT
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
    CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/nginx-health"]
