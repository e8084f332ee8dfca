"""Buckets of a real S3 interface, over HTTP."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from widget.config import Bucket


def connect(bucket: Bucket) -> Any:
    """Return a client of somebody else at the same service."""
    return boto3.client(
        "s3", endpoint_url=bucket.endpoint, region_name=bucket.region, aws_access_key_id="k", aws_secret_access_key="s"
    )


@contextmanager
def serving_bucket() -> Iterator[Bucket]:
    """Yield a bucket that is there as long as the block, with a file in it that is not ours."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    bucket = Bucket.from_url(
        f"s3+http://key:s%2Fcret@{host}:{port}/photos-{uuid.uuid4().hex}/of/maple?region=eu-central-1"
    )
    client = connect(bucket)
    client.create_bucket(Bucket=bucket.name, CreateBucketConfiguration={"LocationConstraint": bucket.region})
    client.put_object(Bucket=bucket.name, Key="another/file", Body=b"of another installation")
    client.close()
    yield bucket
    server.stop()
