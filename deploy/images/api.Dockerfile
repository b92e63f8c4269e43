# The Python program: API, worker, beat, migrations, doctor, backup. One image, another command each.
# A registry of one's own, a proxy or a certificate authority: `--secret id=registries,src=FILE`, a file of `export`
# lines that the steps below read and that no layer keeps (docs/installation.md).
FROM node:22-slim AS web
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

FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /build
COPY requirements-build.lock requirements.lock ./
RUN --mount=type=secret,id=registries --mount=type=secret,id=authority \
    if [ -f /run/secrets/registries ]; then . /run/secrets/registries; fi \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --requirement requirements-build.lock
# uv compiles what it installs and passes over what no Python 3 can compile (olefile brings such a file).
RUN --mount=type=secret,id=registries --mount=type=secret,id=authority \
    if [ -f /run/secrets/registries ]; then . /run/secrets/registries; fi \
    && python -m venv --without-pip /opt/ohmatdyt \
    && /opt/build/bin/uv pip install --quiet --compile-bytecode --python /opt/ohmatdyt/bin/python \
        --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY ohmatdyt ohmatdyt
# Port 8000 answers by itself too, with the web interface and /docs.
COPY --from=web /build/ohmatdyt/web ohmatdyt/web
RUN /opt/build/bin/python -m hatchling build --target wheel --directory dist \
    && /opt/build/bin/uv pip install --quiet --compile-bytecode --python /opt/ohmatdyt/bin/python \
        --offline --no-deps dist/*.whl

FROM python:3.12-slim
RUN groupadd --gid 10001 ohmatdyt \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin ohmatdyt \
    && install --directory --owner=10001 --group=10001 --mode=0700 /srv/media /srv/backups /srv/data
COPY --from=build /opt/ohmatdyt /opt/ohmatdyt
ENV PATH=/opt/ohmatdyt/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOST=0.0.0.0 \
    PORT=8000 \
    DATA_DIR=/srv/data \
    MEDIA_ROOT=/srv/media
USER 10001:10001
WORKDIR /srv
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["ohmatdyt", "serve"]
