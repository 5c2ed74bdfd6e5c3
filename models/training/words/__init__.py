"""Words in the space of music and pictures: captions, a teacher that reads them, and the small table that ships."""
