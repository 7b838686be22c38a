from hub.domain.messaging.ceiling import Ceiling


def test_few_failures_among_many_never_reach_the_ceiling() -> None:
    ceiling = Ceiling(failures=3, share=0.5)
    for _ in range(100):
        ceiling = ceiling.after(handled=99, failed=1)
    assert not ceiling.reached


def test_bad_batches_in_a_row_add_up_and_a_sound_one_forgets_them() -> None:
    ceiling = Ceiling(failures=3, share=0.5).after(handled=1, failed=2)
    assert not ceiling.reached
    assert ceiling.after(handled=0, failed=1).reached
    assert not ceiling.after(handled=9, failed=1).after(handled=0, failed=2).reached


def test_empty_batch_says_nothing() -> None:
    ceiling = Ceiling(failures=2, share=0.5).after(handled=0, failed=1)
    assert not ceiling.after(handled=0, failed=0).reached
