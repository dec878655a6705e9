"""A worker that tells the names of its environment."""

import os

from services.letters.apart_worker import serve

if __name__ == "__main__":
    serve(lambda _job, _content: ({"names": sorted(os.environ)}, b""))
