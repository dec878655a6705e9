"""Letters: registers, dispositions, tasks, tracking, visibility and the trail.

RPC in: every method of `service.Service` (named as the operations of the API).
Events out: `contracts.letters.EVENTS`. Events in: ``directory.changed.v1`` (the read
copy), ``activity.*`` (the link from a letter to its activity).

Map: `domain` is the model (`workflow` holds the moves as data); `use_cases` does one
thing each; `repository` writes, `views*` read; `publishing` maps domain records to
events; `caller` says who acts as what; `orm` and `migrations` hold the tables.
"""
