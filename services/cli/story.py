"""`wiredesk story`: one story, its versions, its whole way."""

import json

from services.cli.connection import START, CliSettings, cause, without_password
from services.cli.plain_text import json_line
from services.cli.problem import ExitCode, Problem
from services.cli.screen import out, write_line
from services.cli.story_file import find_story
from services.cli.story_view import as_json, story_view
from shared.store import Store, StoreError, StoreUnavailable


async def story(found: CliSettings, text: str, json_output: bool, full: bool) -> ExitCode:
    """Print all that is remembered. Raises `Problem`."""
    try:
        store = Store.connect(found.mongo_url.get_secret_value(), found.mongo_database)
        try:
            file = await find_story(store, text.strip())
        finally:
            await store.close()
    except StoreUnavailable as error:
        where = without_password(found.mongo_url)
        raise Problem(f"MongoDB at {where} cannot be reached: {cause(error)}", START) from None
    except StoreError as error:
        raise Problem(str(error), "mend MONGO_URL", ExitCode.USAGE) from None
    if json_output:
        write_line(json_line(json.dumps(as_json(file), ensure_ascii=False)))
    else:
        out().print(story_view(file, full))
    return ExitCode.OK
