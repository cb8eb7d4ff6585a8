need_built site:fat
