"""Methods about chats and their members."""

from .chats import PRESENT, Act, ChatType, Membership
from .errors import bad_request, defective, forbidden
from .registry import Call, method


@method("getChat", returns="ChatFullInfo")
async def get_chat(call: Call) -> object:
    chat = call.account.chat(call.params["chat_id"])
    call.account.check_membership(chat)
    return chat.to_full_json()


@method("getChatMember", returns="ChatMember")
async def get_chat_member(call: Call) -> object:
    chat = call.account.chat(call.params["chat_id"])
    call.account.check_membership(chat)
    user = call.account.users.get(call.params["user_id"])
    if user is None:
        raise bad_request("user not found")
    return chat.membership_json(user, chat.member(user.id))


@method("getChatAdministrators", returns="Array of ChatMember")
async def get_chat_administrators(call: Call) -> object:
    chat = call.account.chat(call.params["chat_id"])
    if chat.type is ChatType.PRIVATE:
        raise bad_request("there are no administrators in the private chat")
    call.account.check_membership(chat)
    return [
        chat.membership_json(call.account.users[user_id], status)
        for user_id, status in chat.members.items()
        if status in {Membership.CREATOR, Membership.ADMINISTRATOR}
        # Other bots are left out, the bot itself is not.
        and (not call.account.users[user_id].is_bot or user_id == call.account.user.id)
    ]


@method("getChatMemberCount", returns="Integer")
async def get_chat_member_count(call: Call) -> object:
    chat = call.account.chat(call.params["chat_id"])
    call.account.check_membership(chat)
    if chat.type is ChatType.PRIVATE:
        return 2
    return sum(status in PRESENT for status in chat.members.values())


@method("leaveChat")
async def leave_chat(call: Call) -> object:
    chat = call.account.chat(call.params["chat_id"])
    if chat.type is ChatType.PRIVATE:
        raise defective("chat member status can't be changed in private chats")
    call.account.check_membership(chat)
    chat.members[call.account.user.id] = Membership.LEFT
    chat.record(Act.LEFT, 0, {})
    return True


@method("pinChatMessage")
async def pin_chat_message(call: Call) -> object:
    chat = call.account.chat_to_write(call.params["chat_id"])
    call.account.message(chat, call.params["message_id"], "pin")
    if chat.is_group and chat.member(call.account.user.id) is not Membership.ADMINISTRATOR:
        raise forbidden("not enough rights to manage pinned messages in the chat")
    return True
