"""Tell Hypothesis how to draw the library's types. Hypothesis loads this by its entry point.

That happens in every program with Hypothesis, even in one that does not use the library. So the
plugin only watches imports: once a package of the library is imported, its public classes are
registered. The strategies are imported when one of the classes is drawn for the first time.
"""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def register() -> None:
    """Register the classes of all packages that are imported, and of those that will be."""
    for name, module in [*sys.modules.items()]:
        if _is_public_package(name):
            _register_classes(module)
    sys.meta_path.insert(0, _Watch())


def _is_public_package(name: str) -> bool:
    library, _, package = name.partition(".")
    return library == "ticketcore" and package.isidentifier() and not package.startswith("_")


class _Watch:
    """Finds the packages of the library as Python does, and registers them once they have run."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path) if _is_public_package(fullname) else None
        if spec is None or spec.loader is None:
            return None
        run = spec.loader.exec_module

        def run_and_register(module: ModuleType) -> None:
            run(module)
            _register_classes(module)

        spec.loader.exec_module = run_and_register  # type: ignore[method-assign]
        return spec


def _register_classes(module: ModuleType) -> None:
    from hypothesis import strategies as st

    for name in getattr(module, "__all__", ()):
        public = getattr(module, name)
        if isinstance(public, type) and not issubclass(public, BaseException):
            st.register_type_strategy(public, _strategy_of)


def _strategy_of(cls: type) -> "SearchStrategy[object]":
    from ticketcore.testing.strategies import strategy_of

    return strategy_of(cls)
