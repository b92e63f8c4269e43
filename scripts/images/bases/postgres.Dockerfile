# Stands in for postgres:18: Debian's package, with the official image's account, folder and first start.
FROM ohmatdyt-base-services
ENV PGDATA=/var/lib/postgresql/18/docker PATH=/usr/lib/postgresql/18/bin:$PATH
RUN usermod --non-unique --uid 999 postgres && groupmod --non-unique --gid 999 postgres \
    && install --directory --owner=999 --group=999 --mode=1777 /var/lib/postgresql /var/run/postgresql \
    && rm -rf /var/lib/postgresql/18
COPY --chmod=0755 postgres-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
VOLUME /var/lib/postgresql
ENTRYPOINT ["docker-entrypoint.sh"]
STOPSIGNAL SIGINT
CMD ["postgres"]
