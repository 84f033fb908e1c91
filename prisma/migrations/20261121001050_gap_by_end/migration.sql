-- A blackout is planned piece by piece, and each piece goes on with the row that ends where it begins: found here. Not
-- partial: a short list of everything is what a plan made for an empty table would read from end to end.
CREATE INDEX gap_by_end ON gap (job_id, upper(span));
