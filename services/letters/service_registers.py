"""Registers, reservations of numbers, retention."""

from __future__ import annotations

from typing import Any

from chassis.entrypoints import rpc
from contracts import codec
from contracts.letters.registers import (
    PutRetentionRules,
    RegisterQuery,
    RetentionQuery,
)
from services.letters import retention, views_registers, views_retention
from services.letters.service_core import Core, key_of


class RegisterMethods(Core):
    @rpc
    def list_registers(self) -> Any:
        return self._look(lambda uow, by: views_registers.shelf(uow.session, by))

    @rpc
    def list_register(self, unit_id: str, year: str, query: Any = None) -> Any:
        key, wanted = key_of(unit_id), codec.load(RegisterQuery, query or {})
        return self._look(
            lambda uow, by: views_registers.lines(uow.session, by, key, year, wanted)
        )

    @rpc
    def list_retention(self, query: Any = None) -> Any:
        wanted = codec.load(RetentionQuery, query or {})
        return self._query(
            lambda uow, by: views_retention.listed(uow.session, by, wanted)
        )

    @rpc
    def get_retention_rules(self) -> Any:
        return self._query(lambda uow, by: retention.rules(uow.session))

    @rpc
    def put_retention_rules(self, body: Any) -> Any:
        request = codec.load(PutRetentionRules, body)
        return self._command(lambda uow, by: retention.put_rules(uow, by, request))
