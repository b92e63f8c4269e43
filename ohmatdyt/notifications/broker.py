"""How Celery is set up: Redis carries hints, PostgreSQL keeps the work.

A message holds the id of a row, or nothing. It may be lost (a look every few seconds finds the row), come late or twice
(the row is taken once). So there is no result backend, and nothing waits for Redis longer than a moment.
"""

from typing import Any

from ohmatdyt.core.settings import Settings

DELIVER = "ohmatdyt.deliver"
SWEEP = "ohmatdyt.sweep"
JOBS = "ohmatdyt.jobs"

_QUEUE = "ohmatdyt"
_SWEEPS_BETWEEN_JOBS = 3


def celery_app(settings: Settings) -> Any:
    """The Celery application of these settings, without its tasks: enough to send hints."""
    from celery import Celery

    sweep_s, jobs_s = settings.delivery_sweep_s, settings.delivery_sweep_s * _SWEEPS_BETWEEN_JOBS
    app = Celery("ohmatdyt", broker=settings.redis_url, set_as_current=False)
    app.conf.update(
        task_default_queue=_QUEUE,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        result_backend=None,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_enable_remote_control=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        task_publish_retry=False,
        broker_connection_timeout=2,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
            "health_check_interval": 10,
            "visibility_timeout": 300,
        },
        timezone="UTC",
        beat_scheduler="celery.beat:Scheduler",  # keeps nothing on disk: the database knows what has run
        beat_schedule={
            # A message nobody fetched in time is dropped: the next one says the same.
            "sweep": {"task": SWEEP, "schedule": sweep_s, "options": {"expires": sweep_s}},
            "jobs": {"task": JOBS, "schedule": jobs_s, "options": {"expires": jobs_s}},
        },
    )
    return app
