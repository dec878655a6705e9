"""The methods of tasks: lists, and one act each."""

from __future__ import annotations

from typing import Any

from chassis.entrypoints import rpc
from contracts import codec
from contracts.letters import ChangeDue, GiveReason, ReportTask, TasksQuery
from contracts.letters.dispositions import GivenTasksQuery
from services.letters import views_given, views_tasks
from services.letters.service_core import Core, key_of
from services.letters.use_cases import reading, working


class TaskMethods(Core):
    @rpc
    def list_tasks(self, query: Any = None) -> Any:
        wanted = codec.load(TasksQuery, query or {})
        return self._look(lambda uow, by: views_tasks.mine(uow.session, by, wanted))

    @rpc
    def list_given_tasks(self, query: Any = None) -> Any:
        wanted = codec.load(GivenTasksQuery, query or {})
        return self._look(lambda uow, by: views_given.given(uow.session, by, wanted))

    @rpc
    def count_my_tasks(self) -> Any:
        return self._look(lambda uow, by: views_tasks.counters(uow.session, by))

    @rpc
    def get_task(self, task_id: str) -> Any:
        key = key_of(task_id)
        return self._look(lambda uow, by: reading.get_task(uow, by, key))

    @rpc
    def read_task(self, task_id: str, body: Any = None) -> Any:
        return self._act(working.read_task, task_id)

    @rpc
    def accept_task(self, task_id: str, body: Any = None) -> Any:
        return self._act(working.accept_task, task_id)

    @rpc
    def acknowledge_task(self, task_id: str, body: Any = None) -> Any:
        return self._act(working.acknowledge_task, task_id)

    @rpc
    def report_task(self, task_id: str, body: Any) -> Any:
        return self._act(working.report_task, task_id, codec.load(ReportTask, body))

    @rpc
    def return_task(self, task_id: str, body: Any) -> Any:
        return self._act(working.return_task, task_id, codec.load(GiveReason, body))

    @rpc
    def approve_task(self, task_id: str, body: Any = None) -> Any:
        return self._act(working.approve_task, task_id)

    @rpc
    def reject_task(self, task_id: str, body: Any) -> Any:
        return self._act(working.reject_task, task_id, codec.load(GiveReason, body))

    @rpc
    def withdraw_task(self, task_id: str, body: Any = None) -> Any:
        return self._act(working.withdraw_task, task_id)

    @rpc
    def cancel_task(self, task_id: str, body: Any) -> Any:
        return self._act(working.cancel_task, task_id, codec.load(GiveReason, body))

    @rpc
    def change_task_due(self, task_id: str, body: Any) -> Any:
        return self._act(working.change_due, task_id, codec.load(ChangeDue, body))
