package store

import "context"

// Age makes all that is known of runs so many days older.
func (s *Store) Age(ctx context.Context, days int) error {
	return s.change(ctx, func(tx *tx) error {
		if _, err := tx.exec(`UPDATE run SET began = began - ?, ended = ended - ?`, days*day, days*day); err != nil {
			return err
		}
		_, err := tx.exec(`UPDATE task SET lease = lease - ?`, days*day)
		return err
	})
}
