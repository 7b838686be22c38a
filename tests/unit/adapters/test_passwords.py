from hub.adapters.crypto.passwords import Argon2Passwords


async def test_password_matches_its_own_hash_and_no_other() -> None:
    passwords = Argon2Passwords()
    first, second = await passwords.hashed("correct horse battery"), await passwords.hashed("correct horse battery")

    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.matches("correct horse battery", first)
    assert not await passwords.matches("correct horse batterY", first)


async def test_hash_that_cannot_be_read_matches_nothing() -> None:
    assert not await Argon2Passwords().matches("anything", "$argon2id$broken")
    assert not await Argon2Passwords().matches("\udcff", "")
