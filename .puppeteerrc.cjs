// The browser comes from the system (scripts/setup), never from a download.
module.exports = { skipDownload: true };
