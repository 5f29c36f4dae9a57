"use strict";
const button = document.getElementById("send");
const told = document.getElementById("told");

function say(text, again) {
  told.textContent = text;
  button.disabled = !again;
}

async function send(found) {
  const body = JSON.stringify({ lat: found.coords.latitude, lon: found.coords.longitude });
  try {
    const answer = await fetch(location.pathname, { method: "POST", body });
    if (answer.ok) say("Đã gửi vị trí. Xin quay lại Zalo để xem trả lời.", false);
    else if (answer.status === 410) say("Trang này đã dùng rồi hoặc quá hạn. Xin quay lại Zalo.", false);
    else say("Máy chủ chưa nhận được. Xin bấm lại sau ít giây.", true);
  } catch {
    say("Mạng yếu, chưa gửi được. Xin bấm lại.", true);
  }
}

function failed(error) {
  const denied = error.code === error.PERMISSION_DENIED;
  say(denied
    ? "Điện thoại chưa cho phép dùng vị trí. Xin cho phép rồi bấm lại, hoặc gõ địa chỉ trong Zalo."
    : "Chưa bắt được vị trí. Xin ra chỗ thoáng rồi bấm lại, hoặc gõ địa chỉ trong Zalo.", true);
}

button.addEventListener("click", () => {
  if (!navigator.geolocation) { say("Điện thoại này không có định vị. Xin gõ địa chỉ trong Zalo.", false); return; }
  say("Đang tìm vị trí…", false);
  navigator.geolocation.getCurrentPosition(send, failed, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
});
