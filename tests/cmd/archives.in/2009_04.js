Grailbird.data.tweets_2009_04 =
 [
 {
  "source": "web",
  "entities": {
   "urls": []
  },
  "id_str": "1",
  "text": "Low tide &amp; no boots.",
  "created_at": "2009-04-05 09:00:00 +0000",
  "id": 1,
  "user": {
   "name": "Tidepool",
   "screen_name": "tidepool",
   "id": 77
  }
 }
]