# Stands in for node:22-slim: the same program, from the npm registry's own package of it.
FROM python:3.12-slim
COPY . /usr/local/
CMD ["node"]
