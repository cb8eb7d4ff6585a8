from typing import List, Dict, Optional, Union, Any, Callable, TypeVar, Generic, NamedTuple, Protocol, Iterable
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self) -> float: ...
    @property
    @abstractmethod
    def name(self): ...
class Sq(Shape):
    def __init__(self, a: float): self.a = a
    def area(self): return self.a ** 2
    @property
    def name(self): return "square"
print(Sq(3).area(), Sq(1).name, isinstance(Sq(1), Shape))
try: Shape()
except TypeError as e: print(e)
class Half(Shape):
    def area(self): return 0
try: Half()
except TypeError as e: print(e)
def f(a: List[int], b: Optional[str] = None, c: Union[int, str] = 1, *d: Any, e: Callable[[int], int] | None = None) -> Dict[str, list[int]]: return {}
print(f([1]), list(f.__annotations__))
T = TypeVar("T")
class Stack(Generic[T]):
    def __init__(self) -> None: self.items: list[T] = []
    def push(self, x: T) -> None: self.items.append(x)
s = Stack[int](); s.push(1); print(s.items, list[int], dict[str, int])
class Emp(NamedTuple):
    name: str
    id: int = 3
print(Emp("a"), Emp("b", 4).id, Emp("x")._asdict())
x: int = "not checked"; print(x)
class Speaks(Protocol):
    def speak(self) -> str: ...
