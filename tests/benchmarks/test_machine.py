"""A machine that cannot make weak lines says why, all at once."""

from benchmarks.lines.machine import obstacles


def test_without_root_nothing_else_is_tried() -> None:
    tried: list[list[str]] = []
    found = obstacles(False, lambda tool: True, lambda command: bool(tried.append(command)) or True)
    assert len(found) == 1 and "root" in found[0]
    assert tried == []


def test_every_missing_tool_is_named_with_its_package() -> None:
    found = obstacles(True, lambda tool: tool == "ip", lambda command: True)
    assert [one for one in found if "tc" in one and "iproute2" in one]
    assert [one for one in found if "nft" in one and "nftables" in one]


def test_a_kernel_without_tbf_or_namespaces_is_told() -> None:
    assert "tbf" in obstacles(True, lambda tool: True, lambda command: "tbf" not in command)[0]
    assert "namespaces" in obstacles(True, lambda tool: True, lambda command: "add" not in command)[0]


def test_what_was_made_to_try_is_taken_away_again() -> None:
    tried: list[list[str]] = []

    def runs(command: list[str]) -> bool:
        tried.append(command)
        return True

    assert obstacles(True, lambda tool: True, runs) == []
    assert tried[0][:3] == ["ip", "netns", "add"] and tried[-1][:3] == ["ip", "netns", "del"]


def test_what_a_killed_run_left_over_is_not_taken_for_a_lack_of_the_kernel() -> None:
    left_over = {"cloudclinic-probe"}

    def runs(command: list[str]) -> bool:
        return command[:3] != ["ip", "netns", "add"] or command[3] not in left_over

    assert obstacles(True, lambda tool: True, runs) == []
