// Shows a notice: the words as title, and its link on a press.
addEventListener("push", event => {
  const [, words, link] = /^(.*?)\s*(https?:\/\/\S+)?$/s.exec(event.data ? event.data.text() : "Vårdkase");
  event.waitUntil(registration.showNotification(words, { tag: link, data: link, requireInteraction: true }));
});
addEventListener("notificationclick", event => {
  event.notification.close();
  if (event.notification.data) event.waitUntil(clients.openWindow(event.notification.data));
});
