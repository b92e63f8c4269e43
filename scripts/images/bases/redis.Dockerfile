# Stands in for redis:7-alpine.
FROM ohmatdyt-base-services
RUN usermod --non-unique --uid 999 redis && groupmod --non-unique --gid 1000 redis
CMD ["redis-server"]
