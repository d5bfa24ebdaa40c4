"""The common parts of both state machines: the policy, the printed story, a subclass's checks."""

from typing import Any, ClassVar, NoReturn

from hypothesis import Phase, settings
from hypothesis.stateful import RuleBasedStateMachine

from ticketcore.policies import Policy
from ticketcore.testing._difference import shown
from ticketcore.testing._policy_facts import policy_of

# The phase `explain` takes a minute for each failure, and reports lines of the machine.
_PHASES = [phase for phase in Phase if phase is not Phase.explain]


class PolicyMachine(RuleBasedStateMachine):
    """A state machine that runs under one policy: a preset's name, a path, or a `Policy`."""

    policy: ClassVar[str | Policy]

    def __init__(self) -> None:
        super().__init__()
        source = getattr(self, "policy", None)
        if source is None:
            raise TypeError(
                f"{type(self).__name__} has no policy: "
                "set the class attribute policy to a preset name, a path or a Policy"
            )
        self.loaded_policy: Policy = policy_of(source)
        self.failed: bool = False

    def checked(self, backend: Any, *methods: str) -> Any:
        """Return the backend; raise TypeError if it is a class or lacks a method."""
        for method in methods:
            if isinstance(backend, type) or not callable(getattr(backend, method, None)):
                name = type(self).__name__
                raise TypeError(f"{name}.backend() is {backend!r}, not a backend with {method}()")
        return backend

    def fail(self, message: str) -> NoReturn:
        """End the run: the backend is wrong."""
        self.failed = True
        raise AssertionError(f"{type(self).__name__}: {message}")

    def _pretty_print(self, value: object) -> str:
        """Format an argument of a step for the printed story: without fields at their default."""
        return shown(value)

    @classmethod
    def _to_test_case(cls) -> Any:  # type: ignore[override]  # the base caches it, as this does
        case: Any = super()._to_test_case()
        case.__init_subclass__ = classmethod(_refuse_subclass)
        case.settings = settings(case.settings, phases=_PHASES)
        return case


def _refuse_subclass(case: type[Any], /, **_: object) -> None:
    machine = case.__mro__[1].__qualname__.removesuffix(".TestCase")
    raise TypeError(
        f"{case.__name__} subclasses {machine}.TestCase, which always runs {machine}: "
        f"subclass {machine} itself, give it a backend(), and assign its own TestCase"
    )
