module.exports = function (code, map) {
  this.callback(null, code, map);
};
